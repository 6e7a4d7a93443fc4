import {
  type Action,
  type ActionOutcome,
  type Environment,
  type Made,
  type RunActions,
  type Status,
  type Step,
  callIn,
  closureInput,
} from '@slipway/model';
import { type Following, followGo } from '../go-progress/follow-go.ts';
import { environmentOf } from './go-list-query.ts';
import { type Around, type Identity, askGo, identify, isObserved, resultFile } from './identity.ts';
import { observedSets } from './observed.ts';
import { loadedFirst } from './loaded-first.ts';
import { NO_KEY, pathOf, removeStrange, unshare } from './output-file.ts';
import type { CheckOptions, UpToDateCheck } from './port.ts';
import { makePublished } from './published.ts';
import { readFilesOf } from './read-files.ts';
import { record } from './record.ts';
import { type Checking, restore, resultOf, statusOf } from './status.ts';
import type { Watch } from './watch-go.ts';
import { watchStep } from './watch-step.ts';

/** Decides which actions are up to date, by keys, graphs and a store. */
export function openUpToDateCheck(options: CheckOptions): UpToDateCheck {
  const checking: Checking = { ...options, identities: new Map(), shareable: new Set() };
  const { states, native, index, root, identities } = checking;
  return {
    lookup: (step) => lookup(step, checking),
    make: (step, statuses, run, onlyLinksLeft) => make({ step, statuses, run, onlyLinksLeft }, checking),
    observed: (step) => observedBefore(step, checking),
    digest(path) {
      const digest = index.digest(pathOf(root, path));
      return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
    },
    read: (actions) => readFilesOf(actions, checking),
    resultFile: (action) => resultFile(action, checking),
    ...makePublished(checking),
    async save() {
      native.save();
      index.save();
      await states.save();
    },
    allKnown: () => [...identities.keys()].every(({ id }) => (states.get(id)?.key ?? NO_KEY) !== NO_KEY),
  };
}

async function observedBefore(step: Step, checking: Checking): Promise<readonly (readonly string[])[]> {
  const around = await aroundOf(step, checking);
  const identities = await Promise.all((step.actions ?? []).map((action) => identify(action, around, checking)));
  return (
    await Promise.all(identities.map(({ key }) => (key === undefined ? [] : observedSets(key, checking))))
  ).flat();
}

async function aroundOf(step: Step, checking: Checking): Promise<Around> {
  const place = (step.kind === 'exec' ? checking.places[step.place] : undefined) ?? checking.places.host;
  return { place, asked: await askGo(step, checking), environment: seenBy(step, checking) };
}

async function lookup(step: Step, checking: Checking): Promise<Status[]> {
  const around = await aroundOf(step, checking);
  return Promise.all(
    (step.actions ?? []).map(async (action) => {
      const identity = await identify(action, around, checking);
      checking.identities.set(action, identity);
      return statusOf(identity, checking);
    }),
  );
}

const seenBy = (step: Step, { environment, places }: Checking): Environment =>
  step.kind === 'exec' ? environmentOf(step, { environment, host: places.host }) : environment;

interface Making {
  readonly step: Step;
  readonly statuses: readonly Status[];
  readonly run: RunActions;
  readonly onlyLinksLeft: (() => void) | undefined;
}

const isStale = ({ is }: Status): boolean => is === 'stale';

async function make(making: Making, checking: Checking): Promise<Made> {
  const { store, signal, identities, always } = checking;
  const shared = making.statuses.filter(isStale).filter(({ action }) => action.cache.is === 'shared');
  const keys = shared.flatMap(({ action }) => identities.get(action)?.key ?? []);
  if (store === undefined || keys.length === 0 || always) return runStale(making, checking);
  return store.exclusively(
    keys,
    async () => {
      const statuses = await Promise.all(making.statuses.map((status) => lookAgain(status, checking)));
      return runStale({ ...making, statuses }, checking);
    },
    { signal },
  );
}

/** Reports whether another process made it while this one waited. */
async function lookAgain(status: Status, checking: Checking): Promise<Status> {
  const identity = checking.identities.get(status.action);
  if (!isStale(status) || identity === undefined) return status;
  // The other process may have found new reads.
  if (isObserved(status.action)) return statusOf(identity, checking);
  return (await restore(identity, checking))
    ? { ...status, is: 'restored', ...resultOf(status.action, checking) }
    : status;
}

async function runStale(making: Making, checking: Checking): Promise<Made> {
  const { step, statuses, run, onlyLinksLeft } = making;
  const stale = statuses.filter(isStale);
  if (stale.length === 0) return { output: '', actions: statuses.map(untouched) };
  const began = Date.now();
  const identities = stale.map(({ action }) => checking.identities.get(action)!);
  for (const identity of identities) await clearOutputs(identity, checking);
  const watch = await watchStep(step, identities, checking);
  const following = followGo({ step, identities, watch, onlyLinksLeft, ...followedBy(step, checking) });
  const { ran, output } = await runWatched(
    { watch, following },
    stale.map(({ action }) => action),
    loadedFirst(run, identities),
  );
  const outcomes = await record({ stale, ran, began }, checking);
  const byAction = new Map<Action, ActionOutcome>(outcomes.map((outcome) => [outcome.action, outcome]));
  return {
    output,
    actions: statuses.map((status) => byAction.get(status.action) ?? untouched(status)),
    failure: ran.failure,
  };
}

const untouched = ({ action, is, why, result }: Status): ActionOutcome => ({
  action,
  is: is as 'fresh' | 'restored',
  why,
  result,
});

/** Go must not get foreign files, or hard links of published files, as its outputs. */
async function clearOutputs({ action, outputs, digest }: Identity, { states, index, always }: Checking): Promise<void> {
  if (closureInput(action) === undefined) return;
  const isOurs = digest === states.get(action.id)?.digest && !always;
  for (const path of outputs) await (isOurs ? unshare(path, index) : removeStrange(path, index));
}

/**
 * Repeats the call until Go's results match the current sources. If that is impossible, no action of a failed call has
 * passed.
 */
async function runWatched({ watch, following }: Watched, actions: readonly Action[], run: RunActions) {
  let isDone = false;
  try {
    let output = '';
    for (let flags = watch.flags; ;) {
      const ran = await run(actions, [...flags, ...following.flags], following.take);
      output += ran.output;
      const again = watch.settle();
      isDone = again === undefined && ran.failure === undefined;
      if (again === undefined) return { ran, output };
      if (ran.failure !== undefined) return { ran: { ...ran, passed: [] }, output };
      flags = again;
    }
  } finally {
    following.end(isDone);
    watch.end();
  }
}

interface Watched {
  readonly watch: Watch;
  readonly following: Following;
}

const followedBy = (step: Step, { emit = () => {}, compiled, toolchain, places }: CheckOptions) => ({
  ...{ emit, memo: compiled, goroot: toolchain.goroot },
  scratch: step.kind === 'exec' && step.place === 'host' ? callIn(step, places.host).env['GOTMPDIR'] : undefined,
});
