import { type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { setTimeout } from 'node:timers/promises';
import { type Action, type ActionOutcome, type Observed, type Ran, type Status, closureInput } from '@slipway/model';
import { OBSERVED } from './explain.ts';
import { changedDuringRun, concerns } from './changed-during-run.ts';
import { type Identity, isObserved, resultFile, withObserved } from './identity.ts';
import { forgetDigests } from './key.ts';
import { noteLastKnown } from './last-known-key.ts';
import { executedBy } from '../store/scopes.ts';
import { noteObserved, observedNames } from './observed.ts';
import { FILE_TICK, NO_KEY, contentOf, filesAmong } from './output-file.ts';
import { type Checking, storedName } from './status.ts';
import { makeDirectories } from '@slipway/adapters/make-directories';

export interface Ended {
  readonly stale: readonly Status[];
  readonly ran: Ran;
  /** The start time, in milliseconds since the epoch. */
  readonly began: number;
}

/** Records actions that passed. An action that failed, or whose inputs changed meanwhile, is recorded as unknown. */
export async function record({ stale, ran, began }: Ended, checking: Checking): Promise<ActionOutcome[]> {
  const { index, identities } = checking;
  // A file that the index sees in the tick of its write would have to be hashed again by the next run.
  await setTimeout(FILE_TICK);
  const passed = new Set(ran.passed);
  const found = stale.map(({ action, why }) => ({ identity: identities.get(action)!, why }));
  for (const { identity } of found) {
    writeResult(identity.action, ran, checking);
    for (const path of filesAmong(identity.outputs)) index.forgetWritten(path);
  }
  const changed = changedDuringRun(
    found.map(({ identity }) => identity),
    index,
  );
  if (changed.length > 0) forgetDigests(index);
  const adding: Promise<unknown>[] = [];
  const outcomes = found.map(({ identity, why }): ActionOutcome => {
    const { action, digest } = identity;
    const now = contentOf(identity.outputs, index);
    const result = ran.results?.get(action);
    if (!passed.has(action)) {
      // Go continues from its own outputs. All other programs write complete files or none.
      if (closureInput(action) !== undefined) remember(identity, NO_KEY, checking);
      return { action, is: 'failed', why, result };
    }
    const full = fullIdentity(identity, ran, began, checking);
    const isKept = typeof full !== 'string' && full.key !== undefined && !concerns(full, changed);
    const scope = ran.by === undefined ? checking.scope : executedBy(ran.by);
    if (isKept) adding.push(keep(full, scope, checking));
    else remember(identity, NO_KEY, checking);
    if (typeof full === 'string') return { action, is: 'ran', why: `${why}; not kept: ${full}`, result, notKept: full };
    const told = ran.by === undefined ? why : `${why}; made by ${ran.by}`;
    return { action, is: 'ran', why: now === digest ? `${told}; ${sameBytes(action)}` : told, result };
  });
  await Promise.all(adding);
  return outcomes;
}

const sameBytes = (action: Action): string =>
  closureInput(action) === undefined ? 'the bytes are the same' : 'Go made the same bytes';

/** With the observed inputs, or a text with the reason why they are unknown. */
function fullIdentity(identity: Identity, { observed }: Ran, began: number, checking: Checking): Identity | string {
  if (!isObserved(identity.action)) return identity;
  const seen = observed?.get(identity.action) ?? { unknown: 'what it read is not known' };
  if ('unknown' in seen) return seen.unknown;
  if (identity.key === undefined) return identity;
  const around = { ...checking, environment: identity.environment };
  const full = withObserved(identity, observedNames(seen, around), checking);
  const changed = [...full.paths].find(
    (path) => !identity.paths.has(path) && changedSince(path, began, { ...seen, root: checking.root }),
  );
  return changed === undefined ? full : `${changed} was written or removed while it ran`;
}

/**
 * For a directory that was only looked up, new entries do not count. A missing path may have been removed during the
 * run; in the tree its directory shows that.
 */
function changedSince(path: string, began: number, { listings, root }: Observed & { readonly root: string }): boolean {
  const stat = statOf(path);
  if (stat?.isDirectory() === true && !listings.includes(path)) return false;
  const shows = stat ?? (path.startsWith(`${root}/`) ? nearestDirectory(dirname(path)) : undefined);
  return shows !== undefined && Math.max(shows.mtimeMs, shows.ctimeMs) >= began - FILE_TICK;
}

const nearestDirectory = (path: string): Stats | undefined =>
  statOf(path) ?? (path === '/' ? undefined : nearestDirectory(dirname(path)));

/** Undefined also where this user may not look: the program saw nothing there either. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function remember(
  { action, outputs, parts }: Identity,
  key: string,
  { states, index }: Checking,
  scope?: string,
): void {
  if (key === NO_KEY) index.forget(outputs);
  // An unknown state is explained by the last known one.
  states.set(
    action.id,
    { key, digest: contentOf(outputs, index), scope },
    key === NO_KEY ? states.partsOf(action.id) : parts,
  );
}

async function keep(identity: Identity, scope: string | undefined, checking: Checking): Promise<void> {
  const { action, outputs, parts } = identity;
  const key = identity.key!;
  const { store, index, identities } = checking;
  remember(identity, key, checking, scope);
  if (isObserved(action)) await noteObserved(identities.get(action)!.key!, observedOf(identity), checking);
  if (action.cache.is !== 'shared' || outputs.length === 0) return;
  const files = outputs.map((path, i) => ({ name: storedName(path, i), path, digest: index.digest(path) }));
  await store?.add({ key, parts, scope }, files);
  if (closureInput(action) !== undefined) await noteLastKnown(parts, store);
}

const observedOf = ({ parts }: Identity): string[] =>
  Object.keys(parts).flatMap((name) => (name.startsWith(OBSERVED) ? [name.slice(OBSERVED.length)] : []));

function writeResult(action: Action, { results }: Ran, checking: Checking): void {
  if (!action.hasResult) return;
  const path = resultFile(action, checking);
  const result = results?.get(action);
  makeDirectories(dirname(path));
  writeFileSync(path, JSON.stringify(result ?? { exit: -1, log: '', values: {} }));
}
