import { readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { acquireLock } from '@slipway/adapters';
import type { LockWaiting } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { addRecord, receiveRecord } from './add.ts';
import { countStore, listRecords } from './inventory.ts';
import { type CopyOf, copyHashing } from '../files/place.ts';
import { storeLayout } from './layout.ts';
import type { StoreLayout } from './layout.ts';
import type { Exclusion, ReceivingStore, StoreRecord, StoreUpkeep } from './port.ts';
import { isOwn } from './owner.ts';
import { prune, pruneIfOver } from './prune.ts';
import { parseRecord } from './record.ts';
import { takeFile } from './take.ts';
import { verifyStore } from './verify.ts';

export interface StoreOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** For the records; by default `user@host`. */
  readonly writer?: string;
  /** Copies a large file out of the store; by default with hashing. */
  readonly copyLarge?: CopyOf;
}

/** A store on disk. It creates and opens nothing before its first use. */
export function openStore({
  directory,
  maxBytes,
  now = Date.now,
  writer = ourselves(),
  copyLarge = copyHashing,
}: StoreOptions): ReceivingStore & StoreUpkeep {
  const layout = storeLayout(directory);
  return {
    find: (key) => findRecord(layout, key, now()),
    take: (file, to) => takeFile({ layout, copyLarge }, file, to),
    async add({ key, parts, scope }, files) {
      const addition = await addRecord({ layout, maxBytes, files, now: now(), record: { key, parts, writer, scope } });
      if (addition.added) await pruneIfOver(layout, maxBytes, now());
      return addition;
    },
    async receive(record, fetch) {
      const received = await receiveRecord({ layout, record, maxBytes, now: now() }, fetch);
      if (received) await pruneIfOver(layout, maxBytes, now());
      return received;
    },
    exclusively(keys, work, exclusion = {}) {
      const paths = [...new Set(keys.map((key) => layout.keyLock(key)))].sort();
      return holding(paths, work, exclusion);
    },
    list: () => listRecords(layout),
    stats: () => countStore(layout),
    prune: (pruning) => prune(layout, pruning, now()),
    verify: () => verifyStore(layout),
  };
}

async function findRecord(layout: StoreLayout, key: string, now: number): Promise<StoreRecord | undefined> {
  const path = layout.record(key);
  const [found, text] = await Promise.all([stat(path), readFile(path, 'utf8')]).catch(() => []);
  if (found === undefined || text === undefined || !isOwn(found)) return undefined;
  const record = parseRecord(text, key);
  if (record === undefined || !(await hasAllFiles(layout, record))) {
    await rm(path, { force: true }).catch(() => {});
    return undefined;
  }
  // The modification time of a record is its last use. The access time would change for every reader.
  await utimes(path, now / 1000, now / 1000).catch(() => {});
  return record;
}

async function hasAllFiles(layout: StoreLayout, { files }: StoreRecord): Promise<boolean> {
  const found = await Promise.all(files.map(({ digest }) => stat(layout.file(digest)).catch(() => undefined)));
  return files.every(({ size }, i) => found[i]?.isFile() && found[i].size === size && isOwn(found[i]));
}

/** All processes lock in the same order, so that no two wait for each other. */
async function holding<T>(
  [path, ...others]: readonly string[],
  work: () => Promise<T>,
  exclusion: Exclusion,
): Promise<T> {
  if (path === undefined) return work();
  await using _lock = await lockIfPossible(path, exclusion);
  return await holding(others, work, exclusion);
}

const silent: LockWaiting = { onWait() {} };

async function lockIfPossible(
  path: string,
  { waiting = silent, signal }: Exclusion,
): Promise<AsyncDisposable | undefined> {
  try {
    return await acquireLock(path, waiting, signal);
  } catch (error) {
    if (error instanceof FailureError && error.failures.every(({ code }) => code !== 'INTERRUPTED')) return undefined;
    throw error;
  }
}

function ourselves(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `${process.getuid?.() ?? ''}@${hostname()}`;
  }
}
