import type { Memo } from '@slipway/adapters';
import type { GoBuild, GoSpan } from '@slipway/model';

/** Durations of the last time on this machine, in milliseconds, by `nameOf`. */
export interface Took {
  readonly times: ReadonlyMap<string, number>;
  /** The average parallelism. */
  readonly atOnce: number;
}

/** Packages of Go's own library have a separate kind, because it shows which of them exist. */
export const nameOf = (name: string, is: GoSpan['is'] | 'library'): string => `${is} ${name}`;

/** Other flags give other durations. Flags with values are ignored, because those differ between commits. */
const keyOf = ({ platform, cgo, flags }: GoBuild): string =>
  ['took', platform, cgo ? 'cgo' : 'static', ...flags.filter((flag) => !flag.includes('='))].join(' ');

/** Undefined if there is no readable record. */
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

/** Items that this call did not run keep their earlier durations. A short call does not change the parallelism. */
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
