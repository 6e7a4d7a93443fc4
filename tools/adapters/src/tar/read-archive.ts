import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FailureError, memberRules } from '@slipway/model';
import { errorCode } from '../files/failure.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { byteReader } from './byte-reader.ts';
import type { Bytes } from './port.ts';
import type { ReadArchive, ReadCompression, ReadMember, ReadingArchive } from './read-port.ts';
import { RefusedTar, readTar } from './read-tar.ts';
import { ZSTD_MAGIC, zstdFrames } from './zstd-frames.ts';

/** A release of Kubernetes has 25 thousand members and 2 GB at most in one archive; deflate itself ends at 1032 to 1. */
const MOST_MEMBERS = 1_000_000;
const MOST_BYTES = 2 ** 35;
const MOST_RATIO = 250;
/** Smaller ones may be as repetitive as they like. */
const RATIO_COUNTS_FROM = 2 ** 24;

/**
 * Reads an archive that anybody may have made, compressed with gzip, zstd or not at all: what it holds, and on request the content of
 * members. Throws BAD_ARCHIVE for one that would lead elsewhere, hide something, fill a disk, or be read differently by others. Writes nowhere but where
 * `keep` says, and holds no member in memory.
 */
export async function readArchive(path: string, reading: ReadingArchive = {}): Promise<ReadArchive> {
  const whole = createHash('sha256');
  const members: ReadMember[] = [];
  const problemOf = memberRules(reading.root ?? 'directory');
  try {
    const compression = await compressionOf(path);
    const bytes = counted(unpacked(path, compression), (await stat(path)).size, (piece) => {
      throwIfInterrupted(reading.signal);
      whole.update(piece);
    });
    for await (const { member, bytes: content } of readTar(byteReader(bytes))) {
      const wrong = problemOf(member);
      if (wrong !== undefined) throw new RefusedTar(`${JSON.stringify(member.path.slice(0, 200))}: ${wrong}`);
      if (members.length === MOST_MEMBERS) throw new RefusedTar(`it has more than ${MOST_MEMBERS} members`);
      members.push({ ...member, sha256: await digestOf(content, reading.keep?.(member)) });
    }
    return { members, compression, sha256: whole.digest('hex') };
  } catch (error) {
    throw error instanceof RefusedTar ? new FailureError({ code: 'BAD_ARCHIVE', path, fact: error.message }) : error;
  }
}

async function digestOf(content: AsyncGenerator<Buffer>, to: string | undefined): Promise<string> {
  const hash = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      hash.update(piece);
      yield piece;
    }
  };
  if (to === undefined) for await (const _piece of hashed());
  // Nothing is followed or overwritten there.
  else await pipeline(hashed(), createWriteStream(to, { flags: 'wx', mode: 0o600 }));
  return hash.digest('hex');
}

async function* counted(source: Bytes, compressed: number, see: (piece: Uint8Array) => void): Bytes {
  let count = 0;
  for await (const piece of source) {
    count += piece.length;
    if (count > MOST_BYTES) throw new RefusedTar(`it has more than ${MOST_BYTES} bytes`);
    if (count > RATIO_COUNTS_FROM && count > compressed * MOST_RATIO)
      throw new RefusedTar(`it grows to more than ${MOST_RATIO} times its size`);
    see(piece);
    yield piece;
  }
}

const bytesOf = (path: string): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: 1 << 20 });

async function* unpacked(path: string, { format }: ReadCompression): Bytes {
  if (format === 'none') return yield* bytesOf(path);
  const options = { chunkSize: 1 << 18 };
  const unzip = format === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const packed = format === 'gzip' ? bytesOf(path) : zstdFrames(byteReader(bytesOf(path)));
  const fed = pipeline(packed, unzip).catch(() => {});
  try {
    for await (const piece of unzip) yield piece as Buffer;
  } catch (error) {
    if (!/^Z(?:STD)?_/.test(String(errorCode(error)))) throw error;
    throw new RefusedTar(`its compression is damaged (${(error as Error).message})`);
  }
  await fed;
  if (unzip.bytesWritten !== (await stat(path)).size) throw new RefusedTar('it has data after its compressed part');
}

async function compressionOf(path: string): Promise<ReadCompression> {
  const bytes = await firstBytes(path, 512);
  if (bytes.length >= 4 && bytes.readUInt32LE() === ZSTD_MAGIC) return { format: 'zstd' };
  if (bytes.length < 10 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { format: 'none' };
  const hasName = (bytes[3]! & 0x08) !== 0 && (bytes[3]! & 0x04) === 0;
  const end = bytes.indexOf(0, 10);
  return {
    format: 'gzip',
    mtime: bytes.readUInt32LE(4),
    extraFlags: bytes[8]!,
    system: bytes[9]!,
    name: hasName ? bytes.toString('latin1', 10, end === -1 ? undefined : end) : undefined,
  };
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new FailureError({ code: 'UNREADABLE', path, fact: errorCode(error) ?? String(error) });
  }
}
