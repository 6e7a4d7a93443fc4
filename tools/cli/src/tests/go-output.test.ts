import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { goLines, testEvents } from './go-output.ts';
import type { TestedPackage } from './test-run.ts';

const tested = (result: Partial<PackageResult>, is: TestedPackage['is'] = 'ran'): TestedPackage => ({
  kind: 'package-tested',
  ...{ is, dir: 'a', moduleDir: '.', at: 0 },
  result: { importPath: 'm/a', is: 'pass', seconds: 0.5, tests: [], output: '', ...result },
});
const failing = tested({
  is: 'fail',
  tests: [
    {
      ...{ name: 'TestA/x', is: 'fail', seconds: 0 },
      output: '=== RUN   TestA/x\n    a_test.go:3: no\n        more\n    --- FAIL: TestA/x (0.00s)\n',
    },
    { name: 'TestA', is: 'fail', seconds: 0, output: '=== RUN   TestA\nby itself\n--- FAIL: TestA (0.00s)\n' },
    { name: 'TestB', is: 'pass', seconds: 0.25, output: '' },
  ],
  output: 'FAIL\nFAIL\tm/a\t0.500s\n',
});

test('a known package is printed as cached', () => {
  expect(goLines(tested({}, 'restored'))).toBe('ok  \tm/a\t(cached)');
  expect(goLines(tested({ output: 'coverage: 50.0% of statements\n' }, 'fresh'))).toBe(
    'ok  \tm/a\t(cached)\tcoverage: 50.0% of statements',
  );
  expect(goLines(tested({}))).toBe('ok  \tm/a\t0.500s');
});

test("the output of a failed subtest is below its test, and the package's lines follow", () => {
  expect(goLines(failing)).toBe(
    '--- FAIL: TestA (0.00s)\nby itself\n    --- FAIL: TestA/x (0.00s)\n        a_test.go:3: no\n            more\nFAIL\nFAIL\tm/a\t0.500s',
  );
});

test('events report for each test that it ran, its output and its end, then the same for the package', () => {
  const time = new Date(0);
  const told = testEvents(failing, time).map(({ Action, Test = '', Output = '' }) =>
    `${Action} ${Test} ${Output.trim()}`.trim(),
  );
  expect(told.slice(-7)).toEqual([
    'run TestB',
    'output TestB === RUN   TestB',
    'output TestB --- PASS: TestB (0.25s)',
    'pass TestB',
    'output  FAIL',
    'output  FAIL\tm/a\t0.500s',
    'fail',
  ]);
  expect(told).toContain('fail TestA/x');
  expect(testEvents(tested({}, 'fresh'), time)).toEqual([
    { Time: '1970-01-01T00:00:00.000Z', Package: 'm/a', Action: 'start' },
    { Time: '1970-01-01T00:00:00.000Z', Package: 'm/a', Action: 'output', Output: 'ok  \tm/a\t(cached)\n' },
    { Time: '1970-01-01T00:00:00.000Z', Package: 'm/a', Action: 'pass', Elapsed: 0.5 },
  ]);
});
