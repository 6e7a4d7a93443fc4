import { expect, test } from 'vitest';
import { fakeOutputFiles } from '@slipway/adapters';
import { outputNames } from '@slipway/plan';
import { failedBefore, noteFailed } from './failed-before.ts';
import { TestRun } from './test-run.ts';

const names = outputNames({});

function runOf(ends: Readonly<Record<string, 'pass' | 'fail'>>): TestRun {
  const run = new TestRun();
  for (const [importPath, is] of Object.entries(ends))
    run.add({
      kind: 'package-tested',
      ...{ is: 'ran', dir: '.', moduleDir: '.', at: 0 },
      result: { importPath, is, seconds: 0, tests: [], output: '' },
    });
  return run;
}

test('a package stays in the list until it passes, regardless of other runs', async () => {
  const files = fakeOutputFiles();
  const failed = async (): Promise<readonly string[]> => (await failedBefore('/src', names, { files })).packages;
  expect(await failed()).toEqual([]);
  await noteFailed(runOf({ 'm/a': 'fail', 'm/b': 'fail', 'm/c': 'pass' }), { root: '/src', names }, { files });
  expect(await failed()).toEqual(['m/a', 'm/b']);
  await noteFailed(runOf({ 'm/a': 'pass', 'm/c': 'fail' }), { root: '/src', names }, { files });
  expect(await failed()).toEqual(['m/b', 'm/c']);
});
