import type { Memo } from '@slipway/adapters';
import type { GoBuild, GoSpan } from '@slipway/model';

/** How long things took when they were done last on this machine, in milliseconds, by `nameOf`. */
export interface Took {
  readonly times: ReadonlyMap<string, number>;
  /** How many were done at a time. */
  readonly atOnce: number;
}

/** Of Go's own library it is known by its kind which packages are there at all. */
export const nameOf = (name: string, is: GoSpan['is'] | 'library'): string => `${is} ${name}`;

/** Other flags take other times; those with values differ from commit to commit. */
const keyOf = ({ platform, cgo, flags }: GoBuild): string =>
  ['took', platform, cgo ? 'cgo' : 'static', ...flags.filter((flag) => !flag.includes('='))].join(' ');

/** Undefined where nothing is known, or what is there cannot be read. */
export function readTook(memo: Memo, build: GoBuild): Took | undefined {
  try {
    const { atOnce, times } = JSON.parse(memo.get(keyOf(build)) ?? '') as {
      atOnce: number;
      times: Record<string, number>;
    };
    return { times: new Map(Object.entries(times)), atOnce };
  } catch {
    return undefined;
  }
}

interface Call {
  readonly spans: readonly GoSpan[];
  isLibrary(importPath: string): boolean;
}

/** What was not done in this call took what it took before. How much runs at a time, a short call does not tell. */
export function writeTook(memo: Memo, build: GoBuild, { spans, isLibrary }: Call): void {
  if (spans.length === 0) return;
  const before = readTook(memo, build);
  const times = Object.fromEntries(before?.times ?? []);
  for (const { name, is, from, to } of spans)
    times[nameOf(name, is === 'compile' && isLibrary(name) ? 'library' : is)] = Math.round(to - from);
  const work = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const wall = Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
  const atOnce = before !== undefined && wall < LONG ? before.atOnce : Math.max(1, work / Math.max(1, wall));
  memo.set(keyOf(build), JSON.stringify({ atOnce: Math.round(atOnce * 100) / 100, times }));
}

const LONG = 10_000;
