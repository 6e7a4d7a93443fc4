import { Readable } from 'node:stream';
import { type ArchiveEntry, metered } from '@slipway/model';
import { Header } from 'tar/header';
import { bytesOfFile, openFile, pathOf, sizeOf } from './file-bytes.ts';
import type { ArchiveToWrite, Bytes } from './port.ts';

const BLOCK = 512;

/** Bytes from a source other than the disk, exactly as many as `size`. */
export interface StreamEntry {
  readonly path: string;
  readonly size: number;
  bytes(): Bytes;
}

/** A directory with another owner, for a container. */
export interface OwnedDirectory {
  readonly path: string;
  readonly directory: true;
  readonly owner: { readonly uid: number; readonly gid: number };
}

export type Member = ArchiveEntry | StreamEntry | OwnedDirectory;

interface Members extends Pick<ArchiveToWrite, 'root' | 'time' | 'meter'> {
  readonly entries: readonly Member[];
}

/** The same as a stream of Node. */
export function tarStream(members: Members): Readable {
  const copies = async function* (): Bytes {
    // A stream asks for the next piece before it has passed on the last one, and stops after an empty one.
    for await (const piece of tarBytes(members)) if (piece.length > 0) yield Buffer.from(piece);
  };
  return Readable.from(copies(), { objectMode: false });
}

/** The bytes of an uncompressed archive (POSIX.1-2001 pax where ustar is too narrow). */
export async function* tarBytes({ entries, root, time, meter }: Members): Bytes {
  if (meter !== undefined)
    for (const entry of entries) if ('file' in entry) meter.expect(sizeOf(pathOf(entry.file, root)));
  for (const entry of entries) {
    if ('bytes' in entry) {
      yield headerOf({ ...entry, mode: 0o644, text: '' }, entry.size, time);
      yield* entry.bytes();
      yield paddingOf(entry.size);
      continue;
    }
    if ('file' in entry) yield* fileBytes(entry, pathOf(entry.file, root), { time, meter });
    else if ('text' in entry) {
      const text = Buffer.from(entry.text);
      yield headerOf(entry, text.length, time);
      yield padded(text);
    } else yield headerOf(entry, 0, time);
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function* fileBytes(entry: ArchiveEntry, path: string, { time, meter }: Pick<Members, 'time' | 'meter'>): Bytes {
  await using file = await openFile(path, `it was to become ${entry.path}`);
  const { size } = await file.stat();
  yield headerOf(entry, size, time);
  yield* metered(bytesOfFile(file, path, size), meter);
  yield paddingOf(size);
}

function headerOf(entry: ArchiveEntry | OwnedDirectory, size: number, time: number): Buffer {
  const directory = 'directory' in entry;
  const path = directory ? `${entry.path}/` : entry.path;
  const header = new Header({
    path,
    size,
    mode: 'mode' in entry ? entry.mode : directory ? 0o755 : 0o777,
    type: directory ? 'Directory' : 'link' in entry ? 'SymbolicLink' : 'File',
    ...('owner' in entry ? entry.owner : { uid: 0, gid: 0 }),
    uname: '',
    gname: '',
    mtime: new Date(time * 1000),
    ...('link' in entry ? { linkpath: entry.link } : {}),
  });
  const block = Buffer.alloc(BLOCK);
  const tooNarrow = header.encode(block, 0);
  const records = [
    ...(tooNarrow && !fitsUstar(path) ? [paxRecord('path', path)] : []),
    ...(tooNarrow && 'link' in entry ? [paxRecord('linkpath', entry.link)] : []),
    ...(tooNarrow && size > MOST_OCTAL ? [paxRecord('size', String(size))] : []),
    ...('file' in entry && entry.capabilities !== undefined
      ? [paxRecord('SCHILY.xattr.security.capability', capabilityValue(entry.capabilities))]
      : []),
  ];
  return records.length === 0 ? block : Buffer.concat([extendedHeader(records, time), block]);
}

/** The maximum value of eleven octal digits. */
const MOST_OCTAL = 0o77777777777;

/** ASCII, and short enough for the name field, alone or split at a `/` into prefix and name. */
function fitsUstar(path: string): boolean {
  const block = Buffer.alloc(BLOCK);
  return !new Header({ path, size: 0, mode: 0, type: 'File', mtime: new Date(0) }).encode(block, 0);
}

function extendedHeader(records: readonly Buffer[], time: number): Buffer {
  const body = Buffer.concat(records);
  const block = Buffer.alloc(BLOCK);
  const header = new Header({ path: 'PaxHeader', size: body.length, mode: 0o644, type: 'ExtendedHeader' });
  Object.assign(header, { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(time * 1000) });
  header.encode(block, 0);
  return Buffer.concat([block, padded(body)]);
}

/** `LENGTH key=value\n`, where the length includes itself. */
function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The kernel's `struct vfs_cap_data`, revision 2, effective and permitted, as `setcap …=+ep` writes it. */
function capabilityValue(capabilities: readonly number[]): Buffer {
  const value = Buffer.alloc(20);
  value.writeUInt32LE(0x02000001, 0);
  for (const number of capabilities) {
    const at = number < 32 ? 4 : 12;
    value.writeUInt32LE((value.readUInt32LE(at) | (1 << (number % 32))) >>> 0, at);
  }
  return value;
}

const paddingOf = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, paddingOf(bytes.length)]);
