import { expect, test } from 'vitest';
import { fakeOutputFiles } from '@slipway/adapters';
import type { TestEnd } from '@slipway/model';
import { formatHistory, noteHistory, parseHistory } from './history.ts';
import { TestRun, type TestedPackage } from './test-run.ts';

function runOf(end: TestEnd, is: TestedPackage['is'] = 'ran'): TestRun {
  const run = new TestRun();
  run.add({
    kind: 'package-tested',
    ...{ is, dir: 'a', moduleDir: '.', at: 0 },
    result: {
      importPath: 'm/a',
      is: end,
      seconds: 1,
      tests: [{ name: 'TestA', is: end, seconds: 1, output: '' }],
      output: '',
    },
  });
  return run;
}

test('the history records a package that ran, and a kept result does not count as a run', async () => {
  const files = fakeOutputFiles();
  const at = (second: number) => ({ directory: '/m', time: new Date(second * 1000) });
  await noteHistory(runOf('pass'), at(1), { files });
  await noteHistory(runOf('pass', 'fresh'), at(2), { files });
  await noteHistory(runOf('flaky'), at(3), { files });
  await noteHistory(runOf('fail'), at(4), { files });
  const [path] = [...files.entries.keys()];
  const history = parseHistory((await files.readTextIfExists(path!))!)!;
  expect(formatHistory(history)).toEqual([
    'm/a: 3 runs, 1 failed (33%), 1 flaky (33%), median 1.000s',
    '  1970-01-01 00:00:04  fail      1.000s  TestA',
    '  1970-01-01 00:00:03  flaky     1.000s  TestA',
    '  1970-01-01 00:00:01  pass      1.000s',
  ]);
});

test('the history keeps only the newest runs', async () => {
  const files = fakeOutputFiles();
  for (let second = 0; second < 60; second += 1)
    await noteHistory(runOf('pass'), { directory: '/m', time: new Date(second * 1000) }, { files });
  const { runs } = parseHistory((await files.readTextIfExists([...files.entries.keys()][0]!))!)!;
  expect([runs.length, runs.at(-1)!.time]).toEqual([50, '1970-01-01T00:00:59.000Z']);
});

test.each(['', '{}', '[1]', '{"importPath":"m/a"}'])('a broken history (%s) counts as empty', (text) => {
  expect(parseHistory(text)).toBeUndefined();
});
