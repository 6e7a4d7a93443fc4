import { dirname, isAbsolute, join } from 'node:path/posix';
import type { Environment, ExecStep, GoPart, GoToolchain, GoWork } from '@slipway/model';
import type { Closure, GraphQuestion, GraphRoot, GraphStore } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { Store } from '../store/port.ts';
import { explainDifference } from './explain.ts';
import { type KeyParts, forgetDigests, keyOf, keyParts } from './key.ts';
import type { OutputStates } from './state.ts';

/** What is known of one command before Go is asked. */
export interface PartVerdict {
  readonly part: GoPart;
  readonly is: 'fresh' | 'restored' | 'stale';
  readonly why: string;
}

/** Decides what of a Go step need not be done, and remembers what was. */
export interface Judge {
  /** Verdicts for all parts; what the store has is back in its place. */
  judge(step: ExecStep): Promise<readonly PartVerdict[]>;
  /**
   * Does `work` while no other process of this machine makes one of these commands, in whatever tree; what another made
   * meanwhile is restored first.
   */
  exclusively<T>(step: ExecStep, stale: readonly PartVerdict[], work: (verdicts: readonly PartVerdict[]) => Promise<T>): Promise<T>;
  /** After Go made these parts: whether each has other bytes than before. Nothing is kept of a part whose files changed meanwhile. */
  record(step: ExecStep, made: readonly GoPart[]): Promise<readonly { readonly part: GoPart; readonly changed: boolean }[]>;
  /** Writes what was learned. */
  save(): Promise<void>;
}

export interface JudgeParts {
  readonly root: string;
  readonly toolchain: GoToolchain;
  /** Inherited by every step. */
  readonly environment: Environment;
  /** Files that decide for the whole tree, by a name without place: `go.mod`, `Go's env file`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly graphs: GraphStore;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  /** Undefined: nothing is restored and nothing kept. */
  readonly store: Store | undefined;
  readonly signal: AbortSignal;
  /** Everything is stale, as with make -B. */
  readonly always: boolean;
}

export function makeJudge(parts: JudgeParts): Judge {
  const keys: Keys = new Map();
  return {
    judge: (step) => judgeStep(step, parts, keys),
    exclusively: (step, stale, work) => exclusively({ step, stale, work }, parts, keys),
    record: (step, made) => recordParts(step, made, parts, keys),
    async save() {
      parts.index.save();
      await parts.states.save();
    },
  };
}

/** What was found out of each part before Go was asked, by its name. */
type Keys = Map<string, { readonly key: string; readonly parts: KeyParts; readonly digest: string; readonly closure: Closure }>;

async function judgeStep(step: ExecStep, judging: JudgeParts, keys: Keys): Promise<PartVerdict[]> {
  const go = step.go!;
  const { graph } = await judging.graphs.load(questionOf(step, go, judging), go.parts.map(rootOf));
  return Promise.all(go.parts.map((part) => judgePart({ go, part, closure: graph.closureOf(rootOf(part)) }, judging, keys)));
}

const rootOf = (part: GoPart): GraphRoot => ({ importPath: part.importPath, test: part.test });

interface Judging {
  readonly go: GoWork;
  readonly part: GoPart;
  readonly closure: Closure;
}

async function judgePart({ go, part, closure }: Judging, judging: JudgeParts, keys: Keys): Promise<PartVerdict> {
  const { index, states, store, settings } = judging;
  const name = nameOf(part, go);
  const before = states.get(name);
  if (closure.problem !== undefined) {
    states.forget(name);
    return { part, is: 'stale', why: closure.problem };
  }
  const parts = keyParts({ go, part, closure, index, settings });
  const key = keyOf(parts);
  const path = part.output === undefined ? undefined : pathOf(judging.root, part.output);
  keys.set(name, { key, parts, digest: path === undefined ? '' : index.digest(path), closure });
  if (judging.always) return { part, is: 'stale', why: 'everything was asked to be made again' };
  const same = path === undefined ? before?.key === key : before?.key === key && index.digest(path) === before.digest;
  if (same) return { part, is: 'fresh', why: 'nothing it depends on changed' };
  const why = whyStale(before?.key === key, path === undefined ? 'here' : index.digest(path), explanation(name, parts, judging));
  const restored = path === undefined ? undefined : await restore(key, path, store);
  if (path !== undefined && restored !== undefined) {
    index.forget([path]);
    states.set(name, { key, digest: restored }, parts);
    return { part, is: 'restored', why };
  }
  states.forget(name);
  return { part, is: 'stale', why };
}

function whyStale(sameKey: boolean, output: string, difference: string): string {
  if (output === 'absent') return sameKey ? 'its output is gone' : `its output is missing${difference === '' ? '' : `; ${difference}`}`;
  if (sameKey) return 'its output was changed by somebody else';
  return difference === '' ? 'it was never made here' : difference;
}

function explanation(name: string, parts: KeyParts, { states, index, root }: JudgeParts): string {
  const before = states.partsOf(name);
  if (before === undefined) return '';
  const learned = index.newContent();
  return explainDifference(before, parts, (importPath) => {
    const file = learned.find((path) => importPathEndsWith(importPath, dirname(path).slice(root.length + 1)));
    return file?.slice(root.length + 1);
  });
}

/** Whether a directory of the tree can be the one of a package: the import path ends with its last elements. */
const importPathEndsWith = (importPath: string, dir: string): boolean => {
  const bare = importPath.split(' ')[0]!;
  return bare.endsWith(dir) || dir.endsWith(bare);
};

/** The digest of what was restored; undefined when the store does not have it. */
async function restore(key: string, path: string, store: Store | undefined): Promise<string | undefined> {
  const record = await store?.find(key);
  const file = record?.files[0];
  return store !== undefined && file !== undefined && (await store.take(file, path)) ? file.digest : undefined;
}

interface Exclusive<T> {
  readonly step: ExecStep;
  readonly stale: readonly PartVerdict[];
  readonly work: (verdicts: readonly PartVerdict[]) => Promise<T>;
}

async function exclusively<T>({ step, stale, work }: Exclusive<T>, judging: JudgeParts, keys: Keys): Promise<T> {
  const { store, signal } = judging;
  const wanted = stale.flatMap(({ part }) => keys.get(nameOf(part, step.go!))?.key ?? []);
  if (store === undefined || wanted.length === 0 || judging.always) return work(stale);
  const again = async (verdict: PartVerdict): Promise<PartVerdict> => {
    const name = nameOf(verdict.part, step.go!);
    const known = keys.get(name);
    const path = verdict.part.output === undefined ? undefined : pathOf(judging.root, verdict.part.output);
    const restored = known === undefined || path === undefined ? undefined : await restore(known.key, path, store);
    if (known === undefined || path === undefined || restored === undefined) return verdict;
    judging.index.forget([path]);
    judging.states.set(name, { key: known.key, digest: restored }, known.parts);
    return { ...verdict, is: 'restored' };
  };
  return store.exclusively(wanted, async () => work(await Promise.all(stale.map(again))), { signal });
}

async function recordParts(step: ExecStep, made: readonly GoPart[], judging: JudgeParts, keys: Keys): Promise<{ part: GoPart; changed: boolean }[]> {
  const { index, states, store } = judging;
  const moved = new Set(index.changed());
  if (moved.size > 0) forgetDigests(index);
  const result: { part: GoPart; changed: boolean }[] = [];
  const adding: unknown[] = [];
  for (const part of made) {
    const name = nameOf(part, step.go!);
    const known = keys.get(name);
    const path = part.output === undefined ? undefined : pathOf(judging.root, part.output);
    if (path !== undefined) index.forget([path]);
    const digest = path === undefined ? '' : index.digest(path);
    result.push({ part, changed: digest !== known?.digest });
    if (known === undefined || wasMoved(known.closure, moved, judging)) continue;
    states.set(name, { key: known.key, digest }, known.parts);
    if (path !== undefined) adding.push(store?.add({ key: known.key, parts: known.parts }, [{ name: part.name, path, digest }]));
  }
  await Promise.all(adding);
  return result;
}

/** Whether something the key speaks of changed since: Go may have read the new content. */
const wasMoved = (closure: Closure, moved: ReadonlySet<string>, { settings }: JudgeParts): boolean =>
  moved.size > 0 &&
  (Object.values(settings).some((path) => moved.has(path)) || closure.packages.some((each) => each.files.some((file) => moved.has(`${each.dir}/${file}`))));

/** What Go is asked about the packages of a step: the environment and flags it will be built with. */
export function questionOf(step: ExecStep, go: GoWork, { toolchain, environment }: Pick<JudgeParts, 'toolchain' | 'environment'>): GraphQuestion {
  const env = Object.fromEntries(Object.entries({ ...environment, ...step.env }).filter(([name]) => name in step.env || !step.unset.includes(name)));
  const { GOTMPDIR: _scratch, ...asked } = env;
  const tags = go.flags.findLast((flag) => flag.startsWith('-tags='))?.slice('-tags='.length) ?? '';
  const flags = go.flags.filter((flag) => /^--?(race|msan|asan|mod=|modfile=|overlay=|compiler=|cover$)/.test(flag));
  return { platform: go.platform, tags, cgo: go.cgo, flags, cwd: step.cwd, env: asked, toolchain };
}

/** Libraries have no output, and are remembered by what they are. */
const nameOf = (part: GoPart, go: GoWork): string => part.output ?? `compiled ${go.platform} ${part.importPath}`;

const pathOf = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));
