import { expect, test } from 'vitest';
import { memoryMemo } from '@slipway/adapters';
import type { GoBuild, GoSpan } from '@slipway/model';
import type { GraphPackage } from '../graph/port.ts';
import { timeLeft } from './time-left.ts';
import { readTook, writeTook } from './took.ts';
import { WorkState } from './work-state.ts';

/** a ← b ← main, a ← c ← main; other has no imports. */
const imports = { a: [], b: ['a'], c: ['a'], main: ['b', 'c'], other: [] };
const packages = new Map(
  Object.entries(imports).map(([importPath, names]) => [
    importPath,
    { importPath, imports: names } as unknown as GraphPackage,
  ]),
);
const link = { importPath: 'main', outputs: ['/bin/main'] };
const state = (jobs = 2): WorkState => new WorkState(packages, [link], jobs);

test('when Go begins a package, its imports are done, compiled or not', () => {
  const one = state();
  one.begin('a', 0);
  expect(one.counts).toEqual({ done: 0, kept: 0, links: 0 });
  one.begin('b', 0);
  expect(one.counts).toEqual({ done: 1, kept: 0, links: 0 });
  const warm = state();
  warm.begin('main', 0);
  expect(warm.counts).toEqual({ done: 3, kept: 3, links: 0 });
});

test('if more packages began than can run in parallel, one has ended, and the count never decreases', () => {
  const one = state();
  const counts = ['a', 'other', 'b', 'c', 'main'].map((name) => {
    one.begin(name, 0);
    return one.counts.done;
  });
  expect(counts).toEqual([0, 0, 1, 2, 4]);
  one.endAll();
  expect(one.counts).toEqual({ done: 5, kept: 0, links: 1 });
});

test('only links are left once Go began with every command of the call', () => {
  const two = new WorkState(packages, [link, { importPath: 'other', outputs: ['/bin/other'] }], 2);
  const seen = ['a', 'b', 'main', 'c', 'other'].map((name) => (two.begin(name, 0), two.hasBegunCommands));
  expect(seen).toEqual([false, false, false, false, true]);
  expect(new WorkState(packages, [], 2).hasBegunCommands).toBe(false);
});

test('an importer of a compiled package will be compiled, and the rest is unknown', () => {
  const one = state();
  one.begin('b', 0);
  expect([...one.ahead()].map(({ name }) => name)).toEqual(['b', 'main']);
  one.expectAll();
  expect([...one.ahead()].map(({ name }) => name)).toEqual(['b', 'c', 'main', 'other']);
});

test('a name outside the graph is ignored', () => {
  expect(state().begin('nothing.example', 0)).toBe(false);
});

const build = { platform: 'linux/amd64', cgo: false, flags: ['build', '-ldflags=-X v=1'] } as unknown as GoBuild;
const spans: GoSpan[] = [
  { name: 'a', is: 'compile', from: 0, to: 4000 },
  { name: 'runtime', is: 'compile', from: 0, to: 2000 },
  { name: 'b', is: 'compile', from: 4000, to: 8000 },
  { name: 'c', is: 'compile', from: 4000, to: 8000 },
  { name: 'main', is: 'compile', from: 8000, to: 9000 },
  { name: 'main', is: 'link', from: 9000, to: 12_000 },
];

test('durations do not depend on the stamped version, and a shorter call keeps the others', () => {
  const memo = memoryMemo();
  const isLibrary = (name: string): boolean => name === 'runtime';
  writeTook(memo, build, { spans, isLibrary });
  const other = { ...build, flags: ['build', '-ldflags=-X v=2'] };
  writeTook(memo, other, { spans: [{ name: 'b', is: 'compile', from: 0, to: 1000 }], isLibrary });
  const { times, atOnce } = readTook(memo, build)!;
  expect(Object.fromEntries(times)).toEqual({
    ...{ 'compile a': 4000, 'library runtime': 2000, 'compile b': 1000, 'compile c': 4000 },
    ...{ 'compile main': 1000, 'link main': 3000 },
  });
  expect(atOnce).toBe(1.5);
  expect(readTook(memo, { ...build, cgo: true })).toBeUndefined();
});

test('the time left uses the earlier speed, and with time more and more the speed of this call', () => {
  const memo = memoryMemo();
  writeTook(memo, build, { spans, isLibrary: () => false });
  const took = readTook(memo, build)!;
  const one = new WorkState(new Map([...packages].filter(([name]) => name !== 'other')), [link], 2);
  one.begin('a', 0);
  const first = timeLeft({ state: one, took, since: 0, now: 0 });
  // 13 s of work and 3 s of linking, with a parallelism of 1.5.
  expect(first).toBeCloseTo(16_000 / 1.5, -2);
  one.begin('b', 8000);
  // It took twice as long as before.
  const later = timeLeft({ state: one, took, since: 0, now: 8000 });
  expect(later).toBeGreaterThan(12_000 / 1.5);
  expect(later).toBeLessThan(2.5 * 12_000);
});

test('if Go compiles one package of its library, the others are expected too', () => {
  const memo = memoryMemo();
  const library = ['net', 'os/user'].map((name): GoSpan => ({ name, is: 'compile', from: 0, to: 6000 }));
  writeTook(memo, build, { spans: library, isLibrary: () => true });
  const took = readTook(memo, build)!;
  const one = state();
  expect(timeLeft({ state: one, took, since: 0, now: 0 })).toBe(0);
  one.library.add('net');
  expect(timeLeft({ state: one, took, since: 0, now: 3000 })).toBeGreaterThan(2000);
});
