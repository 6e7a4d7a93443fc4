import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, failureOfFileError } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { keptFiles, keptRecords } from './inventory.ts';
import type { KeptFile, KeptRecord } from './inventory.ts';
import type { StoreLayout } from './layout.ts';
import type { Pruned, Pruning } from './port.ts';
import { sweepTemporaries } from '@slipway/adapters';
import { roughSize, setSize } from './sizes.ts';

/** Containers may share a store without seeing each other's processes. No addition takes this long. */
export const AN_HOUR = 3_600_000;
/** Its process id may belong to another process by now, so at this age a leftover is abandoned. */
const A_DAY = 24 * AN_HOUR;
/** The record of such a young file may be about to be written. */
const GRACE = 600_000;
/** Leaves room, because otherwise every addition would prune again. */
const KEPT_SHARE = 0.9;

export async function prune(layout: StoreLayout, pruning: Pruning, now: number): Promise<Pruned> {
  await using _lock = await acquireLock(layout.pruneLock, { onWait() {} });
  try {
    return await pruneLocked(layout, pruning, now);
  } catch (error) {
    throw failureOfFileError(error, layout.files);
  }
}

/**
 * Runs after an addition. It returns at once if the store is small enough or another process prunes, and ignores
 * errors.
 */
export async function pruneIfOver(layout: StoreLayout, maxBytes: number, now: number): Promise<void> {
  if ((await roughSize(layout)) <= maxBytes) return;
  const busy = new AbortController();
  try {
    await using _lock = await acquireLock(layout.pruneLock, { onWait: () => busy.abort('SIGINT') }, busy.signal);
    await pruneLocked(layout, { maxBytes }, now);
  } catch (error) {
    if (!(failureOfFileError(error, layout.files) instanceof FailureError)) throw error;
  }
}

async function pruneLocked(
  layout: StoreLayout,
  { maxBytes, olderThan = Infinity }: Pruning,
  now: number,
): Promise<Pruned> {
  await sweepLeftovers(layout.temporaries, now);
  const inventory = await takeInventory(layout);
  await inventory.removeUseless(now);
  const byUse = inventory.records
    .filter(({ record }) => record !== undefined)
    .sort((a, b) => a.lastUse - b.lastUse || (a.path < b.path ? -1 : 1));
  const target = inventory.bytes > maxBytes ? maxBytes * KEPT_SHARE : Infinity;
  for (const record of byUse) {
    if (inventory.bytes <= target && now - record.lastUse <= olderThan * 1000) break;
    await inventory.removeRecord(record);
  }
  await setSize(layout, inventory.bytes);
  return inventory.removed;
}

/** Lists files before records, so that a file without a record is not one whose record came later. */
async function takeInventory(layout: StoreLayout): Promise<Inventory> {
  const files = new Map<string, KeptFile>();
  for await (const file of keptFiles(layout)) files.set(file.digest ?? file.path, file);
  const records: KeptRecord[] = [];
  for await (const record of keptRecords(layout)) records.push(record);
  return new Inventory(files, records);
}

/** The content of the store, and the number of references to each file. */
class Inventory {
  bytes: number;
  removed: Pruned = { records: 0, files: 0, bytes: 0 };
  readonly records: readonly KeptRecord[];
  readonly #files: Map<string, KeptFile>;
  readonly #names = new Map<string, number>();

  constructor(files: Map<string, KeptFile>, records: readonly KeptRecord[]) {
    this.#files = files;
    this.records = records;
    this.bytes = [...files.values(), ...records].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const record of records)
      for (const digest of digestsOf(record)) this.#names.set(digest, (this.#names.get(digest) ?? 0) + 1);
  }

  async removeUseless(now: number): Promise<void> {
    for (const record of this.records) if (record.record === undefined) await this.removeRecord(record);
    for (const [digest, file] of this.#files) {
      if (!this.#names.has(digest) && Math.abs(now - file.added) > GRACE) await this.#removeFile(digest);
    }
  }

  /** Removes the record first, so that it names missing files for the duration of a crash at most. */
  async removeRecord(record: KeptRecord): Promise<void> {
    await rm(record.path, { force: true });
    this.#count({ records: 1, files: 0, bytes: record.bytes });
    for (const digest of digestsOf(record)) {
      const names = (this.#names.get(digest) ?? 0) - 1;
      this.#names.set(digest, names);
      if (names === 0) await this.#removeFile(digest);
    }
  }

  async #removeFile(digest: string): Promise<void> {
    const file = this.#files.get(digest);
    if (file === undefined || (await isYounger(file))) return;
    await rm(file.path, { force: true, recursive: true });
    this.#count({ records: 0, files: 1, bytes: file.bytes });
  }

  #count({ records, files, bytes }: Pruned): void {
    this.bytes -= bytes;
    this.removed = {
      records: this.removed.records + records,
      files: this.removed.files + files,
      bytes: this.removed.bytes + bytes,
    };
  }
}

/** Another process adds it again. */
const isYounger = async ({ path, added }: KeptFile): Promise<boolean> =>
  ((await stat(path).catch(() => undefined))?.mtimeMs ?? added) !== added;

const digestsOf = ({ record }: KeptRecord): Set<string> => new Set(record?.files.map(({ digest }) => digest));

async function sweepLeftovers(directory: string, now: number): Promise<void> {
  await sweepTemporaries(directory, AN_HOUR);
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && now - found.mtimeMs > A_DAY) await rm(path, { recursive: true, force: true });
  }
}
