import { expect, test } from 'vitest';
import { problemsOf } from './planted.ts';
import { testOptions } from './test-options.ts';

const number = '60_000';

test.each([
  ['a time-out of a test', `test('x', { timeout: ${number} }, () => {});`, 'a time-out of its own'],
  ['one of a suite', `describe('x', { ...unless(why), timeout: ${number} }, () => {});`, 'a time-out of its own'],
  ['one of a hook', `beforeAll(async () => {\n}, ${number});`, 'a time-out of its own'],
  ['a condition without a reason', `describe.skipIf(!has)('x', () => {});`, 'skipped without a reason'],
  [
    'a name with a clause as its subject',
    `test('${'what'} is gone is removed', () => {});`,
    'a name that begins with a clause',
  ],
  ['such a name of several', `])('${'who'} waits is told: %s', () => {});`, 'a name that begins with a clause'],
  ['a test that is put off', `test.todo('x');`, 'skipped without a reason'],
])('%s is found', async (_, text, what) => {
  expect(await problemsOf(testOptions, { 'tools/a/src/a.test.ts': text })).toEqual([
    expect.stringMatching(new RegExp(String.raw`^tools/a/src/a\.test\.ts:\d: ${what}`)),
  ]);
});

test('a time of the table, a skip with a reason, and code outside of tests are no problems', async () => {
  const files = {
    'tools/a/src/a.test.ts': `test('x', { timeout: timeouts.test + 5 * timeouts.round }, ({ skip }) => skip('no gcc'));`,
    'tools/a/src/a.ts': `connect({ timeout: ${number} });`,
  };
  expect(await problemsOf(testOptions, files)).toEqual([]);
});
