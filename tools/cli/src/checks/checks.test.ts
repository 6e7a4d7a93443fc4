import { expect, test } from 'vitest';
import type { Plan, Step, StepId } from '@slipway/model';
import { isTouched } from './affected-checks.ts';
import { longestFirst } from './longest-first.ts';

const step = (id: string, kind?: 'verify' | 'update'): Step =>
  ({ kind: 'exec', id: id as StepId, ...(kind && { check: { kind } }) }) as unknown as Step;

test('checks run in order of duration, unknown ones first and then the longest; other steps keep their places', () => {
  const names = ['other', 'a', 'b', 'c', 'new'];
  const plan = { steps: names.map((name) => step(name, name === 'other' ? undefined : 'verify')) } as unknown as Plan;
  const usual = new Map(Object.entries({ a: 1, b: 30, c: 20, other: 99 }));
  expect(longestFirst(plan, { steps: usual }).steps.map(({ id }) => id)).toEqual(['other', 'new', 'b', 'c', 'a']);
  const updates = { steps: ['a', 'b'].map((name) => step(name, 'update')) } as unknown as Plan;
  expect(longestFirst(updates, { steps: usual })).toEqual(updates);
});

test.each<[string, readonly string[], { files?: string[]; moved?: string[]; below?: string[] }, boolean]>([
  ['a file it read', ['file a/b'], { files: ['a/b'] }, true],
  ['a file it did not read', ['file a/c', 'names a'], { files: ['a/b'] }, false],
  ['a file that came into a directory it listed', ['names a'], { files: ['a/b'], moved: ['a/b'] }, true],
  ['a file that came with its directory', ['names .'], { files: ['a/b'], moved: ['a/b'] }, true],
  ['a file that went from elsewhere', ['names c', 'file c/d'], { files: ['a/b'], moved: ['a/b'] }, false],
  ['a submodule it read from', ['file a/b/c'], { below: ['a/b'] }, true],
  ['a name with a tilde', ['file ./~a'], { files: ['~a'] }, true],
])('a check is affected by %s', (_what, names, { files = [], moved = [], below = [] }, is) =>
  expect(isTouched(names, { changes: { files, gone: new Set(), below }, moved })).toBe(is),
);
