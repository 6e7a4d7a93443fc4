import { expect, test } from 'vitest';
import { patience } from './patience.ts';
import { problemsOf } from './planted.ts';

const number = '60_000';

test.each([
  ['of a test', `test('x', { timeout: ${number} }, () => {});`],
  ['of a suite among others', `describe('x', { ...unless(why), timeout: ${number} }, () => {});`],
  ['of a hook', `beforeAll(async () => {\n}, ${number});`],
])('a time-out %s is found', async (_, text) => {
  expect(await problemsOf(patience, { 'tools/a/src/a.test.ts': text })).toEqual([
    expect.stringMatching(/^tools\/a\/src\/a\.test\.ts:\d: a time-out of its own/),
  ]);
});

test('one that is made of the table is none, nor one outside of tests', async () => {
  const files = {
    'tools/a/src/a.test.ts': `test('x', { timeout: patience.test + 5 * patience.round }, () => {});`,
    'tools/a/src/a.ts': `connect({ timeout: ${number} });`,
  };
  expect(await problemsOf(patience, files)).toEqual([]);
});
