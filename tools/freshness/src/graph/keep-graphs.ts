import { setTimeout } from 'node:timers/promises';
import type { Memo } from '@slipway/adapters';
import { askListed, partOf, pathsByKind, type AskOptions } from './ask-graph.ts';
import { checkKept } from './check-kept.ts';
import { keyOfGraph, readKept, writeKept, type KeptGraph } from './kept-graph.ts';
import { isSteady, mergeGraph, soundPart } from './merge-graph.ts';
import { emptyPart, packageGraph, type GraphPart } from './package-graph.ts';
import type { GoListQuery, GraphStore } from './port.ts';
import type { GraphIndex } from './watched-dirs.ts';

export interface KeepOptions extends AskOptions {
  readonly memo: Memo;
  readonly index: GraphIndex;
  /** Milliseconds since the epoch, by the clock that stamps the files. */
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
  const { memo, index, now = Date.now } = options;
  const key = keyOfGraph(query, test);
  const kept = readKept(memo, key);
  const { stale, why, useless } = checkKept(kept, patterns, { test, index });
  if (kept !== undefined && stale.length === 0) return { part: partOfKept(kept), asked: undefined };
  // What was written before this moment has an earlier time, what is written after the pause a later one.
  const time = now() + 1;
  await setTimeout(CLOCK_STEP);
  const listed = await askListed({ query, patterns: stale, test }, options);
  const answer = partOf(listed);
  if (listed.problem !== undefined) return { part: answer, asked: why };
  const graph = mergeGraph({ query, test, kept: useless ? undefined : kept, listed, index });
  const problem = isSteady(graph, listed, { index, time })
    ? undefined
    : 'files changed while Go was asked what it needs';
  if (problem === undefined) writeKept(memo, key, soundPart(graph, answer.problems.keys()));
  return { part: { ...partOfKept(graph), problems: answer.problems, problem }, asked: why };
}

/** Files are stamped with a time up to so many milliseconds in the past. */
const CLOCK_STEP = 15;

const partOfKept = ({ packages, roots, library }: KeptGraph): GraphPart => ({
  packages,
  roots,
  library,
  problems: new Map(),
  problem: undefined,
});
