import { readFileSync, statSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { hashNames, readContents } from './content.ts';
import { fileClock, isNotRacy } from './file-clock.ts';
import { writeWhole } from './write-whole.ts';

/*
 * The question every run begins with: is all as it was after the last one? Answered by stats, since that is what a tenth of a
 * second allows at 20,000 paths; so this module stays small and loads next to nothing. Where a stat differs, content decides.
 *
 * The file, numbers in the machine's byte order:
 *   0  magic, 8 bytes      8  u32 version, rows, bytes of JSON, bytes of paths      24  u32 checksum of the rest, zero
 *  32  f64 × 5 per row: device, inode, size, mtime ms, ctime ms (five times -1: absent)
 *      32 bytes per row: digest of the content, zeros where the stat alone decides; JSON; paths, separated by \0; zeros up to a multiple of 4
 */
const MAGIC = 'sliprun\n';
/** Also to be raised when keys, digests or payloads come to mean something else. */
const VERSION = 2;
const HEAD = 32;
const SUM = 24;
const ROW = 5;
const DIGEST = 32;

export type RunCheck =
  /** `suspects` paths were too young when the record was written and had to be read: with many, write it again. */
  | { readonly fresh: true; readonly payload: string; readonly suspects: number }
  | { readonly fresh: false; readonly why: string };

/** A record in memory. `stats` has five numbers per path. */
export interface RunRecord {
  /** Its own absolute path: a copied tree brings a record that speaks of the original. */
  readonly file: string;
  /** All other inputs of the payload: slipway's version, the arguments, the environment. */
  readonly key: string;
  readonly payload: string;
  readonly paths: readonly string[];
  readonly stats: Float64Array;
  /** 32 bytes per path. */
  readonly digests: Buffer;
  /** Rows whose content may have changed without the stat showing it, with the digest they had. */
  readonly suspects: readonly (readonly [row: number, digest: string])[];
}

/**
 * `file` absolute; fresh if it was written for the same key and nothing it names has changed since. Files that were only touched, or
 * came back as they were, are read; then the record is written again, so that the next look is at stats alone.
 */
export function checkRunRecord(file: string, key: string): RunCheck {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return { fresh: false, why: 'there is no record of an earlier run' };
  }
  const record = decodeRunRecord(bytes);
  if (record === undefined)
    return { fresh: false, why: 'the record of the last run is damaged, or from another version of slipway' };
  if (record.file !== file) return { fresh: false, why: `the record of the last run belongs to ${record.file}` };
  if (record.key !== key)
    return { fresh: false, why: 'the last run was asked something else, or in another environment' };
  const statChanged: number[] = [];
  const why = firstChange(record, statChanged) ?? renew(record, statChanged);
  return why === undefined
    ? { fresh: true, payload: record.payload, suspects: record.suspects.length }
    : { fresh: false, why };
}

export function encodeRunRecord({ file, key, payload, paths, stats, digests, suspects }: RunRecord): Buffer {
  const json = Buffer.from(JSON.stringify({ file, key, payload, suspects }));
  const names = Buffer.from(paths.join('\0'));
  const at = HEAD + stats.byteLength + digests.length;
  const bytes = Buffer.alloc(Math.ceil((at + json.length + names.length) / 4) * 4);
  bytes.write(MAGIC, 0, 'latin1');
  new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 4).set([VERSION, paths.length, json.length, names.length]);
  new Float64Array(bytes.buffer, bytes.byteOffset + HEAD, stats.length).set(stats);
  digests.copy(bytes, HEAD + stats.byteLength);
  json.copy(bytes, at);
  names.copy(bytes, at + json.length);
  new Uint32Array(bytes.buffer, bytes.byteOffset + SUM, 1).set([checksum(bytes)]);
  return bytes;
}

export function decodeRunRecord(read: Buffer): RunRecord | undefined {
  const bytes = read.byteOffset % 8 === 0 ? read : Buffer.from(new Uint8Array(read).buffer);
  if (bytes.length < HEAD || bytes.length % 4 !== 0 || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  const [version, rows = 0, jsonBytes = 0, pathBytes = 0, sum] = new Uint32Array(bytes.buffer, bytes.byteOffset + 8, 5);
  const digestsAt = HEAD + rows * ROW * 8;
  const at = digestsAt + rows * DIGEST;
  const end = at + jsonBytes + pathBytes;
  if (version !== VERSION || bytes.length !== Math.ceil(end / 4) * 4) return undefined;
  if (sum !== checksum(bytes)) return undefined;
  const paths = pathBytes === 0 && rows === 0 ? [] : bytes.toString('utf8', at + jsonBytes, end).split('\0');
  if (paths.length !== rows) return undefined;
  const stats = new Float64Array(bytes.buffer, bytes.byteOffset + HEAD, rows * ROW);
  return {
    ...(JSON.parse(bytes.toString('utf8', at, at + jsonBytes)) as Pick<
      RunRecord,
      'file' | 'key' | 'payload' | 'suspects'
    >),
    paths,
    stats,
    digests: bytes.subarray(digestsAt, at),
  };
}

/** Rows that have another stat and may still hold the same are added to `statChanged`. */
function firstChange({ paths, stats, digests, suspects }: RunRecord, statChanged: number[]): string | undefined {
  const quiet = { throwIfNoEntry: false } as const;
  let at = 0;
  for (const path of paths) {
    let stat;
    try {
      stat = statSync(path, quiet);
    } catch (error) {
      return `${path} cannot be looked at: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (stat === undefined) {
      if (stats[at + 4] !== -1) return `${path} is gone`;
    } else if (
      stat.ctimeMs !== stats[at + 4] ||
      stat.mtimeMs !== stats[at + 3] ||
      stat.size !== stats[at + 2] ||
      stat.ino !== stats[at + 1] ||
      stat.dev !== stats[at]
    ) {
      if (stats[at + 4] === -1) return `${path} is new`;
      const row = at / ROW;
      const mayBeSame = stat.isDirectory() || stat.size === stats[at + 2];
      if (!mayBeSame || !isKnown(digests, row)) return `${path} was changed or replaced`;
      statChanged.push(row);
      stats.set([stat.dev, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs], at);
    }
    at += ROW;
  }
  return firstOther({ paths, stats }, suspects);
}

function firstOther(
  { paths, stats }: Pick<RunRecord, 'paths' | 'stats'>,
  rows: RunRecord['suspects'],
): string | undefined {
  for (const [row, digest] of rows) {
    const path = paths[row]!;
    if ((readContents(path, stats[row * ROW + 2]!)?.digest ?? hashNames(path)) !== digest) return `${path} was changed`;
  }
  return undefined;
}

function isKnown(digests: Buffer, row: number): boolean {
  for (let at = row * DIGEST; at < (row + 1) * DIGEST; at++) if (digests[at] !== 0) return true;
  return false;
}

/** The first of these rows that holds something else; the record is written with the stats of today when there is none. */
function renew(record: RunRecord, statChanged: readonly number[]): string | undefined {
  if (statChanged.length === 0) return undefined;
  const { file, stats, digests } = record;
  // Before anything is read, so that what is written meanwhile has a later time.
  const clock = fileClock(`${file}.clock`)();
  const known = statChanged.map((row) => [row, digests.toString('hex', row * DIGEST, (row + 1) * DIGEST)] as const);
  const why = firstOther(record, known);
  if (why !== undefined) return why;
  const young = known.filter(([row]) => {
    const [dev = 0, ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = stats.subarray(row * ROW, (row + 1) * ROW);
    return !isNotRacy({ dev, ino, size, mtimeMs, ctimeMs }, clock);
  });
  try {
    writeWhole(file, encodeRunRecord({ ...record, suspects: [...record.suspects, ...young] }));
  } catch {
    // Looked at in the same way the next time.
  }
  return undefined;
}

/** Against decay and torn writes, not against people; the checksum's own place left out. */
function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(SUM + 4), crc32(bytes.subarray(0, SUM)));
}
