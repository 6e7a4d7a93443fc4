import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { annotationsOf, failureLines, formatAnnotation } from './failure-lines.ts';
import { TestRun, type TestedPackage, formatCounts } from './test-run.ts';

const failed = (name: string, output: string): PackageResult['tests'][number] => ({
  ...{ name, is: 'fail', seconds: 0, output },
});
const tested = (result: Partial<PackageResult>, is: TestedPackage['is'] = 'ran'): TestedPackage => ({
  kind: 'package-tested',
  ...{ is, dir: 'staging/src/m/a', moduleDir: 'staging/src/m', at: 0 },
  result: { importPath: 'm/a', is: 'fail', seconds: 0.5, tests: [], output: '', ...result },
});

test('a failing test is marked at the line of its message, with its whole output', () => {
  const said = '=== RUN   TestA/x\n    a_test.go:3: it is small\n        and more\n--- FAIL: TestA/x (0.00s)\n';
  const [line, ...more] = failureLines(
    tested({ tests: [failed('TestA/x', said), failed('TestA', '--- FAIL: TestA (0.00s)\n')] }),
  );
  expect(more).toEqual([]);
  expect(line).toEqual({ test: 'TestA/x', file: 'staging/src/m/a/a_test.go', line: 3, text: 'it is small\nand more' });
  expect(formatAnnotation({ ...line!, text: '50%\n::x' }, 'm/a')).toBe(
    '::error file=staging/src/m/a/a_test.go,line=3,title=TestA/x (m/a)::50%25%0A::x',
  );
});

test('a panic is marked at its first frame in the package', () => {
  const said =
    'panic: no\n\tpanic: again\n/usr/go/testing.go\ntesting.tRunner()\n\t/usr/go/src/testing/testing.go:19 +0x2\nm/a.f()\n\t/home/x/staging/src/m/a/a.go:7 +0x1\n';
  expect(failureLines(tested({ tests: [failed('TestA', said)] }))).toEqual([
    { test: 'TestA', file: 'staging/src/m/a/a.go', line: 7, text: 'panic: no' },
  ]);
});

test('errors of the compiler and of vet are marked relative to the directory in which Go was started', () => {
  const output = '# m/a [m/a.test]\na/a_test.go:3:28: undefined: x\nvet: a/b_test.go:4:1: undefined: y\n';
  expect(failureLines(tested({ output }))).toEqual([
    { test: '', file: 'staging/src/m/a/a_test.go', line: 3, text: 'undefined: x' },
    { test: '', file: 'staging/src/m/a/b_test.go', line: 4, text: 'undefined: y' },
  ]);
});

test('a test that names no place has no mark, and passed tests are ignored', () => {
  expect(failureLines(tested({ tests: [failed('TestA', '--- FAIL: TestA (0.00s)\n')] }))).toEqual([]);
  expect(failureLines(tested({ is: 'pass', output: 'a.go:3: x\n' }))).toEqual([]);
});

test('a package counts once, by its last report', () => {
  const run = new TestRun();
  expect(formatCounts(run)).toBeUndefined();
  run.add(tested({}));
  run.add(tested({ is: 'pass', tests: [{ name: 'TestA', is: 'skip', seconds: 0, output: '' }] }));
  run.add(tested({ importPath: 'm/b', is: 'pass' }, 'fresh'));
  run.add(tested({ importPath: 'm/c', tests: [failed('TestC', '')] }));
  run.add(tested({ importPath: 'm/d', is: 'flaky', tests: [{ ...failed('TestD', ''), is: 'flaky' }] }));
  expect(formatCounts(run)).toBe(
    '4 packages: 1 ran, 1 fresh, 1 flaky, 1 failed · 3 tests: 1 failed, 1 flaky, 1 skipped',
  );
});

test('a failed build has marks at the lines that the compiler names, and a failed script has one mark with the end of its output', () => {
  const output = '# m/cmd/a\ncmd/a/a.go:3:2: undefined: x\n../b.go:1:1: y\n/usr/go/src/c.go:1:1: z\n';
  expect(annotationsOf({ title: 'build a', dir: 'staging/src/m', output })).toEqual([
    '::error file=staging/src/m/cmd/a/a.go,line=3,title=build a::undefined: x',
    '::error file=staging/src/b.go,line=1,title=build a::y',
  ]);
  expect(annotationsOf({ title: 'build a', dir: '/elsewhere', output: 'a.go:3:2: x' })).toEqual([
    '::error title=build a::a.go:3:2: x',
  ]);
  const printed = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
  const [mark, ...more] = annotationsOf({
    title: 'verify: gofmt',
    dir: '.',
    output: `${printed}\n::set-env name=X::y`,
  });
  expect(more).toEqual([]);
  expect(mark).toMatch(/^::error title=verify%3A gofmt::line 11%0Aline 12.*%0A::set-env name=X::y$/);
});
