import { createHash, hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { FailureError, limits, memberRules } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import { type ForeignFile, openForeign, piecesOf } from '../foreign/foreign-file.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { byteReader } from './byte-reader.ts';
import type { Bytes } from './port.ts';
import type { ReadArchive, ReadCompression, ReadMember, ReadingArchive } from './read-port.ts';
import { type TarMember, RefusedTar, readTar } from './read-tar.ts';
import { ZIP_MAGIC, readZip } from '../zip/read-zip.ts';
import { ZSTD_MAGIC, zstdFrames } from './zstd-frames.ts';

/**
 * Reads an untrusted archive, a zip file or a tar (plain, gzip or zstd), and on request the content of members. Throws
 * BAD_ARCHIVE for an archive that would write elsewhere, hide something, fill the disk or the memory, or be read
 * differently by other tools. It writes only where `keep` says, and keeps no member in memory.
 */
export async function readArchive(path: string, reading: ReadingArchive = {}): Promise<ReadArchive> {
  const opened = await openForeign(path);
  if (typeof opened === 'string') throw new FailureError({ code: 'UNREADABLE', path, fact: opened });
  await using file = opened;
  const whole = createHash('sha256');
  const members: ReadMember[] = [];
  const problemOf = memberRules(reading.root ?? 'directory');
  try {
    const compression = await compressionOf(file);
    const see = (piece: Uint8Array): void => {
      throwIfInterrupted(reading.signal);
      whole.update(piece);
    };
    using content = membersOf(file, compression, see);
    for await (const { member, bytes: held } of content.members) {
      if (compression.format === 'zip') see(Buffer.from(JSON.stringify(member)));
      const wrong = problemOf(member);
      if (wrong !== undefined) throw new RefusedTar(`${JSON.stringify(member.path.slice(0, 200))}: ${wrong}`);
      if (members.length === limits.archive.members)
        throw new RefusedTar(`it has more than ${limits.archive.members} members`);
      members.push({ ...member, sha256: await digestOf(held, member.size, reading.keep?.(member)) });
    }
    return { members, compression, sha256: whole.digest('hex') };
  } catch (error) {
    throw error instanceof RefusedTar ? new FailureError({ code: 'BAD_ARCHIVE', path, fact: error.message }) : error;
  }
}

/** The digest of empty content. */
const NOTHING = hash('sha256', '');

async function digestOf(content: AsyncGenerator<Buffer>, size: number, to: string | undefined): Promise<string> {
  if (size === 0 && to === undefined) return NOTHING;
  const digest = createHash('sha256');
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of content) {
      digest.update(piece);
      yield piece;
    }
  };
  if (to === undefined) for await (const _piece of hashed());
  // No links are followed and nothing is overwritten there.
  else await pipeline(hashed(), createWriteStream(to, { flags: 'wx', mode: 0o600 }));
  return digest.digest('hex');
}

/** The output of a decompressor, and the bytes read for it. */
interface Unpacked extends Disposable {
  readonly pieces: Bytes;
  readonly consumed: () => number;
}

interface Members extends Disposable {
  readonly members: AsyncIterable<Pick<TarMember, 'member' | 'bytes'>>;
}

function membersOf(file: ForeignFile, compression: ReadCompression, see: (piece: Uint8Array) => void): Members {
  if (compression.format === 'zip')
    return {
      members: readZip(
        file,
        meter(() => file.size, see),
      ),
      [Symbol.dispose]() {},
    };
  const content = unpacked(file, compression);
  const bytes = metered(content.pieces, meter(content.consumed, see));
  return { members: readTar(byteReader(bytes)), [Symbol.dispose]: () => content[Symbol.dispose]() };
}

/** Checks the ratio continuously, so that a decompression bomb is not unpacked first. */
function meter(consumed: () => number, see: (piece: Uint8Array) => void): (piece: Uint8Array) => void {
  const { bytes, ratio, free } = limits.archive;
  let count = 0;
  return (piece) => {
    count += piece.length;
    if (count > bytes) throw new RefusedTar(`it has more than ${bytes} bytes`);
    if (count > free + consumed() * ratio) throw new RefusedTar(`it grows to more than ${ratio} times its size`);
    see(piece);
  };
}

async function* metered(pieces: Bytes, count: (piece: Uint8Array) => void): Bytes {
  for await (const piece of pieces) {
    count(piece);
    yield piece;
  }
}

function unpacked(file: ForeignFile, { format }: ReadCompression): Unpacked {
  if (format === 'none') return { pieces: piecesOf(file), consumed: () => file.size, [Symbol.dispose]() {} };
  const options = { chunkSize: 1 << 18 };
  const unzip =
    format === 'gzip'
      ? createGunzip(options)
      : createZstdDecompress({ ...options, params: { [constants.ZSTD_d_windowLogMax]: limits.archive.window } });
  const packed = format === 'gzip' ? piecesOf(file) : zstdFrames(byteReader(piecesOf(file)));
  const pieces = async function* (): Bytes {
    const fed = pipeline(packed, unzip).catch(() => {});
    try {
      for await (const piece of unzip) yield piece as Buffer;
    } catch (error) {
      if (!/^Z(?:STD)?_/.test(String(errorCode(error)))) throw error;
      throw new RefusedTar(`its compression is damaged (${(error as Error).message})`);
    }
    await fed;
    if (unzip.bytesWritten !== file.size) throw new RefusedTar('it has data after its compressed part');
  };
  // A reader that stops early leaves the decompressor unfinished.
  return { pieces: pieces(), consumed: () => unzip.bytesWritten, [Symbol.dispose]: () => void unzip.destroy() };
}

async function compressionOf({ handle }: ForeignFile): Promise<ReadCompression> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  const bytes = buffer.subarray(0, bytesRead);
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32LE();
  if (magic === ZSTD_MAGIC) return { format: 'zstd' };
  if (ZIP_MAGIC.includes(magic)) return { format: 'zip' };
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
