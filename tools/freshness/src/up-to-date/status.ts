import { readFileSync } from 'node:fs';
import { basename } from 'node:path/posix';
import type { Action, ActionResult, Status } from '@slipway/model';
import type { StoreRecord } from '../store/port.ts';
import { type Identity, isObserved, resultFile, withObserved } from './identity.ts';
import { observedSets } from './observed.ts';
import { contentOf } from './output-file.ts';
import type { CheckOptions } from './port.ts';
import { whyStale } from './why-stale.ts';

/** The knowledge of one run. */
export interface Checking extends CheckOptions {
  /** All actions that were looked up, without observed inputs. */
  readonly identities: Map<Action, Identity>;
  /**
   * Paths that this run restored from the store. Fresh files are not included: the index would read a shared file again
   * after its other name is deleted.
   */
  readonly shareable: Set<string>;
}

/** The status of an identified action. Outputs in the store are restored. */
export async function statusOf(identity: Identity, checking: Checking): Promise<Status> {
  const { action, problem, key } = identity;
  const stale = (why: string): Status => ({ action, is: 'stale', why });
  if (problem !== undefined) return stale(problem);
  if (checking.always) return stale('you asked to rebuild everything');
  if (!isObserved(action)) return known(identity, checking);
  let last = stale('slipway knows what it reads only after one run');
  for (const paths of await observedSets(key!, checking)) {
    last = await known(withObserved(identity, paths, checking), checking);
    if (last.is !== 'stale') return last;
  }
  return last;
}

async function known(identity: Identity, checking: Checking): Promise<Status> {
  const { action, key, digest } = identity;
  const before = checking.states.get(action.id);
  if (before?.key === key && digest === before?.digest)
    return { action, is: 'fresh', why: 'nothing it depends on changed', ...resultOf(action, checking) };
  const why = await whyStale(identity, checking);
  const isRestored = await restore(identity, checking);
  return { action, is: isRestored ? 'restored' : 'stale', why, ...(isRestored ? resultOf(action, checking) : {}) };
}

/** Restores all outputs or none. If a record turns out damaged, all its outputs are made again. */
export async function restore({ action, key, outputs, parts }: Identity, checking: Checking): Promise<boolean> {
  const { store, index, states, shareable } = checking;
  if (store === undefined || key === undefined || action.cache.is !== 'shared' || outputs.length === 0) return false;
  const record = await store.find(key);
  const files = record && filesOf(record, outputs);
  if (files === undefined) return false;
  for (const { path, file } of files) {
    if (!(await store.take(file, path))) return false;
    index.notePlaced(path, file);
  }
  for (const path of outputs) shareable.add(path);
  states.set(action.id, { key, digest: contentOf(outputs, index), scope: record?.scope }, parts);
  return true;
}

function filesOf({ files }: StoreRecord, outputs: readonly string[]) {
  const byName = new Map(files.map((file) => [file.name, file]));
  const found = outputs.flatMap((path, i) => {
    const file = byName.get(storedName(path, i));
    return file === undefined ? [] : [{ path, file }];
  });
  return found.length === outputs.length ? found : undefined;
}

/** Two outputs may have the same base name, and a store serves trees with other directories. */
export const storedName = (path: string, i: number): string => `${i}-${basename(path)}`;

export const resultOf = (action: Action, checking: Checking): Pick<Status, 'result'> =>
  action.hasResult ? { result: JSON.parse(readFileSync(resultFile(action, checking), 'utf8')) as ActionResult } : {};
