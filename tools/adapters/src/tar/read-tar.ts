import { Header } from 'tar/header';
import { limits } from '@slipway/model';
import type { ByteReader } from './byte-reader.ts';
import { parsePax } from './pax-records.ts';
import type { ArchiveMember } from './read-port.ts';

const BLOCK = 512;
/** The maximum value of eleven octal digits. */
const MOST_OCTAL = 0o77777777777;

/**
 * Kinds by type flag, from the block itself: the library takes a file for a directory if its long name was cut after a
 * `/`.
 */
const kinds: Readonly<Record<string, ArchiveMember['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hard link',
  '2': 'link',
  '5': 'directory',
};
/** Headers for later members: those of POSIX for one and for all, and GNU's long names and targets. */
const EXTENSIONS = 'xgLK';

/** Thrown with the error; the caller adds the archive's name. */
export class RefusedTar extends Error {}

const refuse = (fact: string): never => {
  throw new RefusedTar(fact);
};

/** The extended headers before a member. */
interface Extension {
  readonly pax?: ReadonlyMap<string, string>;
  readonly longPath?: string;
  readonly longTarget?: string;
}

/** A member, with its content in one of two forms; the next member follows it. */
export interface TarMember {
  readonly member: ArchiveMember;
  /** The offset of its content. */
  readonly at: number;
  /** The caller must read all of it. */
  readonly bytes: AsyncGenerator<Buffer>;
  /** For a caller that does not want the content. */
  skip(): Promise<void>;
}

/**
 * Members of an uncompressed archive, in order. It is stricter than the library's own parser, which skips records,
 * checksums and ends that it does not understand: all readers should see the same members.
 */
export async function* readTar(reader: ByteReader): AsyncGenerator<TarMember> {
  let extension: Extension = {};
  let headers = 0;
  const count = (bytes: number): void => {
    headers += bytes;
    if (headers > limits.archive.headers) refuse(`its headers have more than ${limits.archive.headers} bytes`);
  };
  for (;;) {
    const block = reader.here(BLOCK) ?? (await reader.take(BLOCK));
    if (block.length < BLOCK) refuse(block.length === 0 ? 'it ends without an end mark' : 'it is cut short');
    if (isZero(block)) {
      if (Object.keys(extension).length > 0) refuse('its last header describes no member');
      return void (await requireEnd(reader));
    }
    const header = headerOf(block);
    const flag = block.toString('latin1', 156, 157);
    if (EXTENSIONS.includes(flag)) {
      const size = sizeIn(block);
      if (!(size >= 0) || size > limits.archive.header) refuse(`a header of it has ${size} bytes`);
      // Empty headers count, too, because an archive may have any number of them.
      count(BLOCK + size);
      extension = await extend(extension, { flag, size }, reader);
      continue;
    }
    const kind = kinds[flag] ?? refuse(`${named(header.path)} is a ${header.type}`);
    const member = memberOf({ header, block, kind }, extension);
    count(member.path.length + (member.target?.length ?? 0));
    extension = {};
    yield {
      ...{ member, at: reader.position(), bytes: contentOf(reader, member) },
      async skip() {
        await reader.skip(member.size);
        await skipPadding(reader, member.size);
      },
    };
  }
}

async function* contentOf(reader: ByteReader, { path, size }: ArchiveMember): AsyncGenerator<Buffer> {
  let count = 0;
  for await (const piece of reader.pass(size)) {
    count += piece.length;
    yield piece;
  }
  if (count < size) refuse(`it is cut short in ${named(path)}`);
  await skipPadding(reader, size);
}

async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  const padding = (BLOCK - (size % BLOCK)) % BLOCK;
  const bytes = reader.here(padding) ?? (await reader.take(padding));
  if (bytes.length < padding) refuse('it is cut short');
  if (!isZero(bytes)) refuse('it hides bytes between its members');
}

/** Requires two blocks of zeros, and only zeros after them. */
async function requireEnd(reader: ByteReader): Promise<void> {
  const second = await reader.take(BLOCK);
  if (second.length < BLOCK) refuse('it is cut short in its end mark');
  if (!isZero(second)) refuse('it goes on after a block of zeros');
  for await (const piece of reader.pass(Infinity)) if (!isZero(piece)) refuse('it has data after its end');
}

async function extend(
  before: Extension,
  { flag, size }: { readonly flag: string; readonly size: number },
  reader: ByteReader,
): Promise<Extension> {
  const bytes = await reader.take(size);
  if (bytes.length < size) refuse('it is cut short in a header');
  await skipPadding(reader, size);
  if (flag === 'x' || flag === 'g') {
    const records = parsePax(bytes, flag === 'x' ? 'member' : 'archive');
    if (typeof records === 'string') return refuse(`an extended header: ${records}`);
    if (flag === 'g') return before;
    if (before.pax !== undefined) refuse('two extended headers describe one member');
    return { ...before, pax: records };
  }
  const field = flag === 'L' ? 'longPath' : 'longTarget';
  if (before[field] !== undefined) refuse('two headers name one member');
  if (hidesBytes(bytes)) refuse('a long name of it has a zero byte');
  const end = bytes.indexOf(0);
  return { ...before, [field]: bytes.toString('utf8', 0, end === -1 ? undefined : end) };
}

function headerOf(block: Buffer): Header {
  const magic = block.toString('latin1', 257, 265);
  if (magic !== 'ustar\x0000' && magic !== 'ustar  \0') refuse('it is not a tar archive (POSIX or GNU)');
  const header = decode(block);
  if (!header.cksumValid) refuse('a header of it has a wrong checksum');
  for (const [field, from, to] of NUMBERS)
    if ((block[from]! & 0x80) === 0 && !isOctal(block, from, to))
      refuse(`the ${field} of ${named(header.path)} is not a number`);
  for (const [from, to] of magic === 'ustar\x0000' ? [NAME, TARGET, PREFIX] : [NAME, TARGET])
    if (hidesBytes(block.subarray(from, to))) refuse(`${named(header.path)} hides bytes behind a name`);
  return header;
}

/** `^ *[0-7]*[ \0]*$`, without a text for each of five fields of each member. */
function isOctal(block: Buffer, from: number, to: number): boolean {
  let at = from;
  while (at < to && block[at] === 0x20) at += 1;
  while (at < to && block[at]! >= 0x30 && block[at]! <= 0x37) at += 1;
  while (at < to && (block[at] === 0x20 || block[at] === 0)) at += 1;
  return at === to;
}

const NAME = [0, 100] as const;
const TARGET = [157, 257] as const;
const PREFIX = [345, 475] as const;

const NUMBERS = [
  ['mode', 100, 108],
  ['uid', 108, 116],
  ['gid', 116, 124],
  ['size', 124, 136],
  ['mtime', 136, 148],
] as const;

function decode(block: Buffer): Header {
  try {
    return new Header(block);
  } catch (error) {
    return refuse(`a header of it cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Shared, because most members have no extended fields, and there may be many members. */
const NOTHING: ArchiveMember['extended'] = {};

interface Found {
  readonly header: Header;
  readonly block: Buffer;
  readonly kind: ArchiveMember['kind'];
}

function memberOf({ header, block, kind }: Found, { pax = new Map(), longPath, longTarget }: Extension): ArchiveMember {
  const said = pax.get('path') ?? longPath ?? header.path ?? '';
  if (pax.has('path') && longPath !== undefined) refuse(`${named(said)} has two names`);
  if (kind !== 'directory' && said.endsWith('/')) refuse(`${named(said)} is a ${kind} with the name of a directory`);
  const path = said.replace(/^(?:\.\/)+(?=.)/, '').replace(/(?<=.)\/$/, '');
  const target = pax.get('linkpath') ?? longTarget ?? header.linkpath;
  const isLink = kind === 'link' || kind === 'hard link';
  const number = (key: string, otherwise: number): number => {
    const value = pax.get(key);
    if (value === undefined) return otherwise;
    return /^-?\d{1,15}(?:\.\d+)?$/.test(value)
      ? Number(value)
      : refuse(`the ${key} of ${named(path)} is not a number`);
  };
  const inHeader = sizeIn(block);
  const size = number('size', inHeader);
  if (!Number.isSafeInteger(size) || size < 0) refuse(`${named(path)} has no size`);
  if (size !== inHeader && size <= MOST_OCTAL) refuse(`${named(path)} has two sizes`);
  if (kind !== 'file' && size !== 0) refuse(`${named(path)} is a ${kind} with content`);
  return {
    ...{ path, kind, size },
    mode: (header.mode ?? 0) & 0o7777,
    uid: number('uid', header.uid ?? 0),
    gid: number('gid', header.gid ?? 0),
    uname: pax.get('uname') ?? textIn(block, 265, 297),
    gname: pax.get('gname') ?? textIn(block, 297, 329),
    mtime: number('mtime', (header.mtime?.getTime() ?? 0) / 1000),
    ...(isLink && target !== undefined
      ? { target: target.replace(kind === 'hard link' ? /^(?:\.\/)+(?=.)/ : '', '') }
      : {}),
    extended:
      pax.size === 0
        ? NOTHING
        : Object.fromEntries([...pax].filter(([key]) => /^(?:SCHILY|LIBARCHIVE|comment)/.test(key))),
  };
}

/** The field itself, because the library reports 0 for a directory. */
function sizeIn(block: Buffer): number {
  const field = block.subarray(124, 136);
  if ((field[0]! & 0x80) === 0) return Number.parseInt(field.toString('latin1').replaceAll(/[ \0]/g, '') || '0', 8);
  return field[0] === 0x80 ? Number(field.subarray(4).readBigUInt64BE()) : -1;
}

function textIn(block: Buffer, from: number, to: number): string {
  if (block[from] === 0) return '';
  const end = block.indexOf(0, from);
  return block.toString('utf8', from, end === -1 ? to : Math.min(end, to));
}

/** Reports bytes after the zero that ends a text. */
const hidesBytes = (bytes: Buffer): boolean => bytes.includes(0) && !isZero(bytes.subarray(bytes.indexOf(0)));

const isZero = (bytes: Buffer): boolean => {
  if (bytes.length > 0 && bytes[0] !== 0) return false;
  for (let at = 0; at < bytes.length; at += ZEROS.length)
    if (
      ZEROS.compare(
        bytes,
        at,
        Math.min(at + ZEROS.length, bytes.length),
        0,
        Math.min(ZEROS.length, bytes.length - at),
      ) !== 0
    )
      return false;
  return true;
};
const ZEROS = Buffer.alloc(1 << 16);

const named = (path: string | undefined): string => JSON.stringify((path ?? '').slice(0, 200));
