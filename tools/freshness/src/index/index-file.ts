import { readFileSync } from 'node:fs';
import { type Seal, isMark } from '@slipway/adapters';
import type { FileStat } from './port.ts';
import { writeWhole } from './write-whole.ts';

/*
 * The file, all numbers in the machine's byte order (another order reads as another version):
 *   0  magic, 8 bytes      8  u32 version, u32 rows, u32 headers, u32 bytes of paths     24  seal of everything else     56  zero
 *  64  f64 × 5 per row: device, inode, size, mtime ms, ctime ms
 *      32 bytes per row: digest; 32 bytes per header, in order of rows; 1 byte per row: flags; 1 byte per row: age; paths, each ended by \0
 * Anything that does not fit together, or that somebody else wrote, is no index at all.
 */
const MAGIC = 'slipidx\n';
/** Also increment it when the meaning of digests or headers changes. */
const VERSION = 2;
const HEAD = 64;
const SUM = 24;

const DIRECTORY = 1;
const NOT_RACY = 2;
const HEADER = 4;

export interface Row extends FileStat {
  readonly directory: boolean;
  readonly notRacy: boolean;
  /** Digest of the content; for a directory, of its names. */
  readonly digest: string;
  readonly header: string | undefined;
}

export interface AgedRow extends Row {
  /** The number of writes of the file since this row was last used, up to 255. */
  readonly age: number;
}

/** The rows of an index file by number. They are decoded on demand, because there are tens of thousands. */
export interface KeptRows {
  readonly paths: readonly string[];
  find(path: string): number | undefined;
  /** True: this stat proves that the content is unchanged. */
  proves(row: number, stat: FileStat, directory: boolean): boolean;
  digest(row: number): string;
  header(row: number): string | undefined;
  row(row: number): AgedRow;
  /** The written form, for another thread. */
  readonly table: KeptTable;
}

export interface KeptTable {
  readonly rows: number;
  readonly bytes: Uint8Array;
  /** Offsets of the sections, in bytes. */
  readonly at: Readonly<Record<'stats' | 'digests' | 'flags' | 'paths', number>>;
  readonly flags: { readonly directory: number; readonly notRacy: number };
}

export function readIndexFile(file: string, seal: Seal): KeptRows {
  return readRows(file, seal) ?? decode(encode(new Map(), seal), seal)!;
}

function readRows(file: string, seal: Seal): KeptRows | undefined {
  try {
    return decode(readFileSync(file), seal);
  } catch {
    return undefined;
  }
}

export function writeIndexFile(file: string, rows: ReadonlyMap<string, AgedRow>, seal: Seal): void {
  writeWhole(file, encode(rows, seal));
}

function encode(rows: ReadonlyMap<string, AgedRow>, seal: Seal): Buffer {
  const paths = Buffer.from([...rows.keys()].map((path) => `${path}\0`).join(''));
  let headers = 0;
  for (const row of rows.values()) if (row.header !== undefined) headers++;
  const at = layout(rows.size, headers);
  const bytes = Buffer.alloc(at.paths + paths.length);
  const stats = new Float64Array(bytes.buffer, bytes.byteOffset + HEAD, rows.size * 5);
  let index = 0;
  let header = at.headers;
  for (const row of rows.values()) {
    const from = index * 5;
    stats[from] = row.dev;
    stats[from + 1] = row.ino;
    stats[from + 2] = row.size;
    stats[from + 3] = row.mtimeMs;
    stats[from + 4] = row.ctimeMs;
    bytes.write(row.digest, at.digests + index * 32, 'hex');
    if (row.header !== undefined) header += bytes.write(row.header, header, 'hex');
    bytes[at.flags + index] =
      (row.directory ? DIRECTORY : 0) | (row.notRacy ? NOT_RACY : 0) | (row.header === undefined ? 0 : HEADER);
    bytes[at.ages + index] = row.age;
    index++;
  }
  paths.copy(bytes, at.paths);
  bytes.write(MAGIC, 0, 'latin1');
  new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 4).set([VERSION, rows.size, headers, paths.length]);
  markOf(bytes, seal).copy(bytes, SUM);
  return bytes;
}

function decode(read: Buffer, seal: Seal): KeptRows | undefined {
  const bytes = read.byteOffset % 8 === 0 ? read : Buffer.from(new Uint8Array(read).buffer);
  if (bytes.length < HEAD || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  const [version, count = 0, headers = 0, pathBytes = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 4);
  const at = layout(count, headers);
  if (version !== VERSION || bytes.length !== at.paths + pathBytes) return undefined;
  if (!isMark(markOf(bytes, seal), bytes.subarray(SUM, SUM + 32))) return undefined;
  const paths = bytes.toString('utf8', at.paths).split('\0');
  paths.pop();
  if (paths.length !== count) return undefined;

  const stats = new Float64Array(bytes.buffer, bytes.byteOffset + HEAD, count * 5);
  const headerOf = new Uint32Array(count);
  const indexOf = new Map<string, number>();
  let header = at.headers;
  for (let index = 0; index < count; index++) {
    indexOf.set(paths[index]!, index);
    headerOf[index] = header;
    if ((bytes[at.flags + index]! & HEADER) !== 0) header += 32;
  }
  const hex = (from: number) => bytes.toString('hex', from, from + 32);
  const has = (row: number, flag: number) => (bytes[at.flags + row]! & flag) !== 0;
  const kept: KeptRows = {
    paths,
    table: { rows: count, bytes, at, flags: { directory: DIRECTORY, notRacy: NOT_RACY } },
    find: (path) => indexOf.get(path),
    proves(row, stat, directory) {
      const from = row * 5;
      return (
        has(row, NOT_RACY) &&
        has(row, DIRECTORY) === directory &&
        stats[from + 4] === stat.ctimeMs &&
        stats[from + 3] === stat.mtimeMs &&
        stats[from + 2] === stat.size &&
        stats[from + 1] === stat.ino &&
        stats[from] === stat.dev
      );
    },
    digest: (row) => hex(at.digests + row * 32),
    header: (row) => (has(row, HEADER) ? hex(headerOf[row]!) : undefined),
    row(row) {
      const [dev = 0, ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = stats.subarray(row * 5, row * 5 + 5);
      const flags = { directory: has(row, DIRECTORY), notRacy: has(row, NOT_RACY) };
      const contents = { digest: kept.digest(row), header: kept.header(row) };
      return { dev, ino, size, mtimeMs, ctimeMs, ...flags, ...contents, age: bytes[at.ages + row]! };
    },
  };
  return kept;
}

function layout(count: number, headers: number) {
  const digests = HEAD + count * 40;
  const headersAt = digests + count * 32;
  const flags = headersAt + headers * 32;
  return { stats: HEAD, digests, headers: headersAt, flags, ages: flags + count, paths: flags + count * 2 };
}

const markOf = (bytes: Buffer, seal: Seal): Buffer =>
  seal.of('index', bytes.subarray(0, SUM), bytes.subarray(SUM + 32));
