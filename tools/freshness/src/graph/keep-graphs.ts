import { setTimeout } from 'node:timers/promises';
import type { Memo } from '@slipway/adapters';
import { askListed, partOf, pathsByKind, type AskOptions } from './ask-graph.ts';
import { type KeptCheck, checkKept } from './check-kept.ts';
import { keyOfGraph, readKept, writeKept, type KeptGraph } from './kept-graph.ts';
import { isSteady, mergeGraph, soundPart } from './merge-graph.ts';
import { emptyPart, packageGraph, type GraphPart } from './package-graph.ts';
import type { GoListQuery, GraphStore } from './port.ts';
import { type GraphExchange, keyOfShared, readShared, writeShared } from './shared-graph.ts';
import type { GraphIndex } from './watched-dirs.ts';

export interface KeepOptions extends AskOptions {
  readonly memo: Memo;
  readonly index: GraphIndex;
  /** The root of the tree, absolute, without links; and the graphs that other checkouts left. */
  readonly shared?: { readonly root: string; readonly exchange: GraphExchange } | undefined;
  /** Reports whether a graph from this scope of a shared cache may be used. */
  readonly believes?: ((scope: string | undefined) => boolean) | undefined;
  /** Milliseconds since the epoch, by the file system's clock. */
  readonly now?: (() => number) | undefined;
}

export function keepGraphs(options: KeepOptions): GraphStore {
  return {
    async load(query, roots) {
      const { plain, test } = pathsByKind(roots);
      const commands = await loadPart({ query, patterns: plain, test: false }, options);
      const tests = await loadPart({ query, patterns: test, test: true }, options);
      return { graph: packageGraph({ plain: commands.part, test: tests.part }), asked: commands.asked ?? tests.asked };
    },
  };
}

interface PartRequest {
  readonly query: GoListQuery;
  readonly patterns: readonly string[];
  readonly test: boolean;
}

interface LoadedPart {
  readonly part: GraphPart;
  readonly asked: string | undefined;
}

async function loadPart({ query, patterns, test }: PartRequest, options: KeepOptions): Promise<LoadedPart> {
  if (patterns.length === 0) return { part: emptyPart, asked: undefined };
  const { memo, index, now = Date.now, believes = () => true } = options;
  const key = keyOfGraph(query, test);
  const remembered = readKept(memo, key);
  const own = remembered !== undefined && believes(remembered.scope) ? remembered : undefined;
  const { kept, stale, why, useless } = await bestKept(own, { query, patterns, test }, options);
  if (kept !== undefined && stale.length === 0) {
    if (kept !== own) writeKept(memo, key, kept);
    return { part: partOfKept(kept), asked: undefined };
  }
  // Earlier writes have an earlier time, and writes after the pause a later one.
  const time = now() + 1;
  await setTimeout(CLOCK_STEP);
  const listed = await askListed({ query, patterns: stale, test }, options);
  const answer = partOf(listed);
  if (listed.problem !== undefined) return { part: answer, asked: why };
  const graph = mergeGraph({ query, test, kept: useless ? undefined : kept, listed, index });
  const problem = isSteady(graph, listed, { index, time })
    ? undefined
    : 'files changed while Go was asked what it needs';
  if (problem === undefined) await keep(key, soundPart(graph, answer.problems.keys()), { query, test }, options);
  return { part: { ...partOfKept(graph), problems: answer.problems, problem }, asked: why };
}

interface Best extends KeptCheck {
  readonly kept: KeptGraph | undefined;
}

/** The kept graph of this checkout; if that is missing or stale, another checkout's graph, if it is more useful. */
async function bestKept(own: KeptGraph | undefined, request: PartRequest, options: KeepOptions): Promise<Best> {
  const { query, patterns, test } = request;
  const verdict = checkKept(own, patterns, { test, index: options.index });
  if (options.shared === undefined || verdict.stale.length === 0) return { ...verdict, kept: own };
  const { root, exchange } = options.shared;
  const key = keyOfShared({ root, query }, { test, go: options.index.digest(query.toolchain.command) });
  const found = key === undefined ? undefined : await exchange.get(key);
  const theirs = found && readShared(found, { root, query });
  if (theirs === undefined) return { ...verdict, kept: own };
  const other = checkKept(theirs, patterns, { test, index: options.index });
  return other.stale.length < verdict.stale.length ? { ...other, kept: theirs } : { ...verdict, kept: own };
}

async function keep(
  key: string,
  graph: KeptGraph,
  { query, test }: Pick<PartRequest, 'query' | 'test'>,
  { memo, shared, index }: KeepOptions,
): Promise<void> {
  writeKept(memo, key, graph);
  if (shared === undefined) return;
  const places = { root: shared.root, query };
  const sharedKey = keyOfShared(places, { test, go: index.digest(query.toolchain.command) });
  const text = sharedKey === undefined ? undefined : writeShared(graph, places);
  if (sharedKey !== undefined && text !== undefined) await shared.exchange.set(sharedKey, { text, scope: graph.scope });
}

/** File times may be this many milliseconds behind the clock. */
const CLOCK_STEP = 15;

const partOfKept = ({ packages, roots, library }: KeptGraph): GraphPart => ({
  packages,
  roots,
  library,
  problems: new Map(),
  problem: undefined,
});
