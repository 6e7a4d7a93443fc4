import { crc32 } from 'node:zlib';
import { type ArchiveEntry, FailureError, metered } from '@slipway/model';
import { bytesOfFile, openFile, pathOf, sizeOf } from '../tar/file-bytes.ts';
import type { ArchiveToWrite, Bytes } from '../tar/port.ts';

/** A member that was written, for its data descriptor and its entry in the central directory. */
interface Written {
  readonly name: Buffer;
  readonly entry: ArchiveEntry;
  readonly at: number;
  readonly check: number;
  readonly packed: number;
  readonly size: number;
}

/** Names are UTF-8, and sums follow the bytes (APPNOTE.TXT, bits 11 and 3 of the general purpose flag). */
const NAMES = 0x0800;
const SUMS_FOLLOW = 0x0008;
const DEFLATED = 8;
/** 2.0, made by unix. */
const VERSION = 20;
const MADE_BY = (3 << 8) | VERSION;
const MOST = 0xffffffff;
const MOST_MEMBERS = 0xffff;
/** The extended timestamp, `UT`. */
export const EXTENDED_TIME = 0x5455;
const S_IFREG = 0o100000;
export const S_IFLNK = 0o120000;
const S_IFDIR = 0o040000;
const DIRECTORY_OF_DOS = 0x10;

/**
 * The bytes of a zip file, with modes of unix. `deflate` makes one deflate stream of bytes. Throws BAD_ARCHIVE for more
 * than such a file can contain.
 */
export async function* zipBytes(
  { entries, root, time, meter }: ArchiveToWrite,
  deflate: (bytes: Bytes) => Bytes,
): Bytes {
  const clock = dosTime(time);
  for (const entry of entries) if ('file' in entry) meter?.expect(sizeOf(pathOf(entry.file, root)));
  const written: Written[] = [];
  let at = 0;
  for (const entry of entries) {
    const member = { entry, name: Buffer.from('directory' in entry ? `${entry.path}/` : entry.path), at };
    yield headOf(member, clock);
    at += 30 + member.name.length + clock.extra.length;
    const sums = { check: 0, packed: 0, size: 0 };
    if (!('directory' in entry)) {
      for await (const piece of deflate(
        counted(metered(bytesOf(entry, root), 'file' in entry ? meter : undefined), sums),
      )) {
        sums.packed += piece.length;
        yield piece;
      }
      yield Buffer.concat([signature(0x08074b50), words32(sums.check, sums.packed, sums.size)]);
      at += sums.packed + 16;
    }
    if (Math.max(at, sums.size) > MOST || entries.length > MOST_MEMBERS)
      throw new FailureError({ code: 'BAD_ARCHIVE', path: entry.path, fact: 'a zip file holds no more than 4 GiB' });
    written.push({ ...member, ...sums });
  }
  const directory = Buffer.concat(written.map((member) => listed(member, clock)));
  const count = written.length;
  yield Buffer.concat([
    ...[directory, signature(0x06054b50), words16(0, 0, count, count), words32(directory.length, at), words16(0)],
  ]);
}

async function* counted(bytes: Bytes, sums: { check: number; size: number }): Bytes {
  for await (const piece of bytes) {
    sums.check = crc32(piece, sums.check);
    sums.size += piece.length;
    yield piece;
  }
}

async function* bytesOf(entry: ArchiveEntry, root: string): Bytes {
  if ('text' in entry) yield Buffer.from(entry.text);
  else if ('link' in entry) yield Buffer.from(entry.link);
  else if ('file' in entry) {
    const path = pathOf(entry.file, root);
    await using file = await openFile(path, `it was to become ${entry.path}`);
    yield* bytesOfFile(file, path, (await file.stat()).size);
  }
}

function attributesOf(entry: ArchiveEntry): number {
  if ('directory' in entry) return (((S_IFDIR | 0o755) << 16) | DIRECTORY_OF_DOS) >>> 0;
  return (('link' in entry ? S_IFLNK | 0o777 : S_IFREG | entry.mode) << 16) >>> 0;
}

const headOf = ({ entry, name }: Pick<Written, 'entry' | 'name'>, clock: DosTime): Buffer =>
  Buffer.concat([
    signature(0x04034b50),
    common(entry, clock),
    words32(0, 0, 0),
    words16(name.length, clock.extra.length),
    name,
    clock.extra,
  ]);

/** Version, flags, method and time: equal before a member and in the directory. */
const common = (entry: ArchiveEntry, { date, hours }: DosTime): Buffer =>
  'directory' in entry
    ? words16(VERSION, NAMES, 0, hours, date)
    : words16(VERSION, NAMES | SUMS_FOLLOW, DEFLATED, hours, date);

const listed = ({ entry, name, at, check, packed, size }: Written, clock: DosTime): Buffer =>
  Buffer.concat([
    ...[signature(0x02014b50), words16(MADE_BY), common(entry, clock), words32(check, packed, size)],
    ...[words16(name.length, clock.extra.length, 0, 0, 0), words32(attributesOf(entry), at), name, clock.extra],
  ]);

const signature = (number: number): Buffer => words32(number);

function words16(...words: readonly number[]): Buffer {
  const block = Buffer.alloc(2 * words.length);
  for (const [index, word] of words.entries()) block.writeUInt16LE(word, 2 * index);
  return block;
}

function words32(...words: readonly number[]): Buffer {
  const block = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) block.writeUInt32LE(word, 4 * index);
  return block;
}

interface DosTime {
  readonly date: number;
  readonly hours: number;
  /** The exact time as unix has it: the extended timestamp of Info-ZIP. */
  readonly extra: Buffer;
}

/** In UTC, to two seconds. The earliest day is in 1980. */
function dosTime(seconds: number): DosTime {
  const time = new Date(Math.max(seconds, Date.UTC(1980, 0, 1) / 1000) * 1000);
  return {
    date: ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate(),
    extra: Buffer.concat([words16(EXTENDED_TIME, 5), Buffer.from([1]), words32(seconds)]),
    hours: (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1),
  };
}
