import { readFile, stat } from 'node:fs/promises';
import { entriesOf } from './layout.ts';
import type { LayoutEntry, StoreLayout } from './layout.ts';
import type { ListedRecord, StoreRecord, StoreStats } from './port.ts';
import { parseRecord } from './record.ts';

export interface KeptRecord extends LayoutEntry {
  /** Undefined: garbage. */
  readonly record: StoreRecord | undefined;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly lastUse: number;
}

export interface KeptFile extends LayoutEntry {
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly added: number;
}

/** A file that disappears during the read counts as missing. */
export async function* keptRecords({ records }: StoreLayout): AsyncGenerator<KeptRecord> {
  for await (const entry of entriesOf(records, '.json')) {
    const [text, found] = await Promise.all([readFile(entry.path, 'utf8'), stat(entry.path)]).catch(() => []);
    if (text === undefined || found === undefined) continue;
    const record = entry.digest === undefined ? undefined : parseRecord(text, entry.digest);
    yield { ...entry, record, bytes: found.size, lastUse: found.mtimeMs };
  }
}

export async function* keptFiles({ files }: StoreLayout): AsyncGenerator<KeptFile> {
  for await (const entry of entriesOf(files)) {
    const found = await stat(entry.path).catch(() => undefined);
    if (found !== undefined) yield { ...entry, bytes: found.size, added: found.mtimeMs };
  }
}

export async function* listRecords(layout: StoreLayout): AsyncGenerator<ListedRecord> {
  for await (const { record, lastUse } of keptRecords(layout)) {
    if (record !== undefined) yield { record, size: sizeOf(record), lastUse: Math.floor(lastUse / 1000) };
  }
}

export async function countStore(layout: StoreLayout): Promise<StoreStats> {
  const stats = { records: 0, files: 0, bytes: 0, recordedBytes: 0 };
  for await (const { record, bytes } of keptRecords(layout)) {
    stats.records++;
    stats.bytes += bytes;
    stats.recordedBytes += record === undefined ? 0 : sizeOf(record);
  }
  for await (const { bytes } of keptFiles(layout)) {
    stats.files++;
    stats.bytes += bytes;
  }
  return stats;
}

const sizeOf = ({ files }: StoreRecord): number => files.reduce((sum, { size }) => sum + size, 0);
