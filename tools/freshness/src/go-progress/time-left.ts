import type { WorkState } from './work-state.ts';
import { type Took, nameOf } from './took.ts';

/** The weight of the earlier speed, as a share of the expected time, against the current speed. */
const TRUST = 0.15;

interface Asked {
  readonly state: WorkState;
  readonly took: Took;
  /** The start of the call, and the current time, in milliseconds. */
  readonly since: number;
  readonly now: number;
}

/** Milliseconds until a call of Go ends: the remaining work by earlier durations, at the speed of this call. */
export function timeLeft({ state, took, since, now }: Asked): number {
  const usual = mean(took);
  const of = (name: string, is: 'compile' | 'link' | 'library'): number =>
    took.times.get(nameOf(name, is)) ?? usual[is];
  let left = 0;
  for (const { name, begun } of state.ahead()) left += rest(of(name, 'compile'), begun, now);
  const links = state.linksAhead().map(({ importPath }) => of(importPath, 'link'));
  left += links.reduce((sum, each) => sum + each, 0) + libraryLeft(state, took);
  const done = doneWork(state, of);
  const trusted = (TRUST * (left + done)) / took.atOnce;
  const speed = (trusted * took.atOnce + done) / (trusted + Math.max(1, now - since));
  // The longest link sets a lower limit, for any parallelism.
  return Math.max(left / Math.max(0.1, speed), ...links);
}

function doneWork(state: WorkState, of: (name: string, is: 'compile' | 'link' | 'library') => number): number {
  let done = 0;
  for (const name of state.compiled()) done += of(name, 'compile');
  for (const name of state.library) done += of(name, 'library');
  const links = new Set(state.linksAhead());
  for (const link of state.links) if (!links.has(link)) done += of(link.importPath, 'link');
  return done;
}

/**
 * If Go compiles one package of its library, it compiles all that it compiled before, because its cache has none for
 * these flags.
 */
function libraryLeft({ library }: WorkState, { times }: Took): number {
  if (library.size === 0) return 0;
  let left = 0;
  for (const [name, time] of times)
    if (name.startsWith(LIBRARY) && !library.has(name.slice(LIBRARY.length))) left += time;
  return left;
}

const LIBRARY = nameOf('', 'library');

/** The rest of a running item, which may take a little longer than before. */
const rest = (time: number, begun: number | undefined, now: number): number =>
  begun === undefined ? time : Math.max(time / 10, time - (now - begun));

/** For unknown items, the average of the others. */
function mean({ times }: Took): Readonly<Record<'compile' | 'link' | 'library', number>> {
  const of = (is: 'compile' | 'link' | 'library'): number => {
    const some = [...times].filter(([name]) => name.startsWith(nameOf('', is))).map(([, time]) => time);
    return some.length === 0 ? 0 : some.reduce((sum, each) => sum + each, 0) / some.length;
  };
  return { compile: of('compile'), link: of('link'), library: of('library') };
}
