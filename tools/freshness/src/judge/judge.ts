import { setTimeout } from 'node:timers/promises';
import type { Environment, ExecStep, Freshness, GoPart, GoToolchain, GoWork, PartVerdict } from '@slipway/model';
import type { Memo } from '@slipway/adapters';
import type { Closure, GraphQuestion, GraphRoot, GraphStore } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { NativeReader } from '../native/port.ts';
import type { Store } from '../store/port.ts';
import { makeFilesJudge } from './judge-files.ts';
import { makePublishedJudge } from './judge-published.ts';
import { type ImageTools, type KeyParts, forgetDigests, keyOf, keyParts } from './key.ts';
import { FILE_TICK, NO_KEY, isExecutable, pathOf, removeStrange, unshare } from './output-file.ts';
import { isMoved, pathsBehind } from './moved.ts';
import { noteNewest } from './newest.ts';
import { watchParts } from './watch-parts.ts';
import { questionOf } from './question.ts';
import { type Reads, readReads } from './reads.ts';
import type { OutputState, OutputStates } from './state.ts';
import { explainPart, whyStale } from './why-stale.ts';

/** Freshness by keys, graphs and a store. */
export interface Judge extends Freshness {
  /** Writes what was learned. */
  save(): Promise<void>;
  /**
   * Whether all that was judged now has a key. What cannot be named, and what changed while it was read, has none: that nothing
   * changed since then says nothing.
   */
  allKnown(): boolean;
}

export interface JudgeParts {
  readonly root: string;
  readonly toolchain: GoToolchain;
  /** Inherited by every step. */
  readonly environment: Environment;
  /** Files that decide for the whole tree, by a name without place: `go.mod`, `go tool compile`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly graphs: GraphStore;
  readonly native: NativeReader;
  /** What Go's cache has of packages with C, by the ids Go gives them. */
  readonly compiled: Memo;
  readonly index: ContentIndex;
  readonly states: OutputStates;
  /** Undefined: nothing is restored and nothing kept. */
  readonly store: Store | undefined;
  /** Of what is made in this run, where it is not made here alone. */
  readonly scope?: string | undefined;
  readonly signal: AbortSignal;
  /** Everything is stale, as with make -B. */
  readonly always: boolean;
  /** Of an image with the C compiler at this path; undefined while the image is not known. */
  imageTools?(image: string, path: string): ImageTools | undefined;
}

export function makeJudge(parts: JudgeParts): Judge {
  const keys: Keys = new Map();
  const judged = new Set<string>();
  const judging = { ...parts, shareable: new Set<string>() };
  const files = makeFilesJudge(parts);
  return {
    async judge(step) {
      for (const part of step.go!.parts) judged.add(nameOf(part, step.go!));
      return judgeStep(step, judging, keys);
    },
    call: (step, made) => watchParts(step, behindOf(step, made, keys), parts),
    exclusively: (step, stale, work) => exclusively({ step, stale, work }, judging, keys),
    record: (step, made) => recordParts(step, made, parts, keys),
    ...files,
    judgeFiles(step) {
      judged.add(step.id);
      return files.judgeFiles(step);
    },
    recordFailure: (step, tried) => tried.forEach((part) => rememberUnfinished(part, step.go!, parts)),
    ...makePublishedJudge(judging),
    async save() {
      parts.native.save();
      parts.index.save();
      await parts.states.save();
    },
    allKnown: () => [...judged].every((name) => (parts.states.get(name)?.key ?? NO_KEY) !== NO_KEY),
  };
}

/** What was found out of each part before Go was asked, by its name. */
type Keys = Map<string, Known>;

interface Known {
  readonly name: string;
  /** Undefined where not everything can be named. */
  readonly key: string | undefined;
  readonly parts: KeyParts;
  /** Of the output then. */
  readonly digest: string;
  readonly path: string | undefined;
  readonly closure: Closure;
  readonly reads: Reads;
}

const behindOf = (step: ExecStep, made: readonly GoPart[], keys: Keys): Known[] =>
  made.flatMap((part) => keys.get(nameOf(part, step.go!)) ?? []);

interface Restoring extends JudgeParts {
  /** Paths of what came from the store in this run. Not of what is fresh: a shared file would be read again when its other name is deleted. */
  readonly shareable: Set<string>;
}

async function judgeStep(step: ExecStep, judging: Restoring, keys: Keys): Promise<PartVerdict[]> {
  const go = step.go!;
  const question = questionOf(step, go, judging);
  const { graph } = await judging.graphs.load(question, go.parts.map(rootOf));
  return Promise.all(
    go.parts.map((part) => judgePart({ go, part, question, closure: graph.closureOf(rootOf(part)) }, judging, keys)),
  );
}

const rootOf = (part: GoPart): GraphRoot => ({ importPath: part.importPath, test: part.test });

interface Judging {
  readonly go: GoWork;
  readonly part: GoPart;
  readonly question: GraphQuestion;
  readonly closure: Closure;
}

async function judgePart(
  { go, part, question, closure }: Judging,
  judging: Restoring,
  keys: Keys,
): Promise<PartVerdict> {
  const { index, states, settings } = judging;
  const name = nameOf(part, go);
  const before = states.get(name);
  const path = outputPath(part, judging);
  // Read beside others, if it has to be.
  if (path !== undefined) await index.digestAside(path);
  const output = contentOf(path, index);
  const stale = async (why: string): Promise<PartVerdict> => {
    const isOurs = output === before?.digest && !judging.always;
    if (path !== undefined) await (isOurs ? unshare(path, index) : removeStrange(path, index));
    return { part, is: 'stale', why };
  };
  if (closure.problem !== undefined) return stale(closure.problem);
  const { image, compiler } = go;
  const tools = image === undefined || compiler === undefined ? undefined : judging.imageTools?.(image, compiler);
  const reads = await readReads({ go, question, closure, native: judging.native, index });
  const parts = keyParts({ go, part, closure, index, settings, reads, image: tools });
  if (image !== undefined && compiler !== undefined && tools === undefined)
    return stale('the build image with its C compiler is not here yet');
  const key = keyOf(parts);
  keys.set(name, {
    name,
    key: reads.problem === undefined ? key : undefined,
    parts,
    digest: output,
    path,
    closure,
    reads,
  });
  if (reads.problem !== undefined) return stale(reads.problem);
  if (judging.always) return stale('everything was asked to be made again');
  if (before?.key === key && output === before.digest)
    return { part, is: 'fresh', why: 'nothing it depends on changed' };
  const why = whyStale(
    before?.key === key,
    path === undefined ? 'here' : output,
    await explainPart({ name, parts, closure, reads }, judging),
  );
  const restored = path === undefined ? undefined : await restore(key, path, judging);
  if (restored === undefined) return stale(why);
  states.set(name, { key, ...restored }, parts);
  return { part, is: 'restored', why };
}

const outputPath = (part: GoPart, { root }: JudgeParts): string | undefined =>
  part.output === undefined ? undefined : pathOf(root, part.output);

/** Digest of an output; a program that may not be run is as wrong as another one. */
const contentOf = (path: string | undefined, index: ContentIndex): string =>
  path === undefined
    ? ''
    : index.look(path).kind === 'file' && !isExecutable(path)
      ? 'not executable'
      : index.digest(path);

/** What was restored; undefined when the store does not have it. */
async function restore(
  key: string,
  path: string,
  { store, index, shareable }: Restoring,
): Promise<Pick<OutputState, 'digest' | 'scope'> | undefined> {
  const record = await store?.find(key);
  const file = record?.files[0];
  if (store === undefined || file === undefined || !(await store.take(file, path))) return undefined;
  index.notePlaced(path, file);
  shareable.add(path);
  return { digest: file.digest, scope: record?.scope };
}

interface Exclusive<T> {
  readonly step: ExecStep;
  readonly stale: readonly PartVerdict[];
  readonly work: (verdicts: readonly PartVerdict[]) => Promise<T>;
}

async function exclusively<T>({ step, stale, work }: Exclusive<T>, judging: Restoring, keys: Keys): Promise<T> {
  const { store, signal } = judging;
  const wanted = stale.flatMap(({ part }) => keys.get(nameOf(part, step.go!))?.key ?? []);
  if (store === undefined || wanted.length === 0 || judging.always) return work(stale);
  const again = async (verdict: PartVerdict): Promise<PartVerdict> => {
    const name = nameOf(verdict.part, step.go!);
    const known = keys.get(name);
    const path = outputPath(verdict.part, judging);
    if (known?.key === undefined || path === undefined) return verdict;
    const restored = await restore(known.key, path, judging);
    if (restored === undefined) return verdict;
    judging.states.set(name, { key: known.key, ...restored }, known.parts);
    return { ...verdict, is: 'restored' };
  };
  return store.exclusively(wanted, async () => work(await Promise.all(stale.map(again))), { signal });
}

async function recordParts(
  step: ExecStep,
  made: readonly GoPart[],
  judging: JudgeParts,
  keys: Keys,
): Promise<{ part: GoPart; changed: boolean }[]> {
  const { index, states, store } = judging;
  // A file that is looked at in the tick it was written in would have to be hashed again by the next run.
  await setTimeout(FILE_TICK);
  const moved = index.changed(pathsBehind(behindOf(step, made, keys), judging));
  if (moved.length > 0) forgetDigests(index);
  const result: { part: GoPart; changed: boolean }[] = [];
  const adding: unknown[] = [];
  for (const part of made) {
    const name = nameOf(part, step.go!);
    const known = keys.get(name);
    const path = outputPath(part, judging);
    if (path !== undefined) index.forgetWritten(path);
    const digest = contentOf(path, index);
    result.push({ part, changed: digest !== known?.digest });
    if (known?.key === undefined || isMoved(known, moved, judging)) {
      rememberUnfinished(part, step.go!, judging);
      continue;
    }
    states.set(name, { key: known.key, digest, scope: judging.scope }, known.parts);
    if (path === undefined) continue;
    adding.push(
      store?.add({ key: known.key, parts: known.parts, scope: judging.scope }, [{ name: part.name, path, digest }]),
    );
    adding.push(noteNewest(known.parts, store));
  }
  await Promise.all(adding);
  return result;
}

/** Its content is known, but not what it is the content of. */
function rememberUnfinished(part: GoPart, go: GoWork, judging: JudgeParts): void {
  const { index, states } = judging;
  const name = nameOf(part, go);
  const path = outputPath(part, judging);
  if (path !== undefined) index.forget([path]);
  states.set(name, { key: NO_KEY, digest: contentOf(path, index) }, states.partsOf(name));
}

/** Libraries have no output, and are remembered by what they are. */
const nameOf = (part: GoPart, go: GoWork): string => part.output ?? `compiled ${go.platform} ${part.importPath}`;
