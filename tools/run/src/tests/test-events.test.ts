import { expect, test } from 'vitest';
import type { PackageResult } from '@slipway/model';
import { formatFailedPackage, formatPackage, formatWholePackage } from './format-result.ts';
import { TestEvents } from './test-events.ts';

function resultsOf(...events: readonly (object | string)[]): PackageResult[] {
  const results: PackageResult[] = [];
  const collected = new TestEvents((result) => results.push(result));
  for (const event of events) collected.add(typeof event === 'string' ? event : JSON.stringify(event));
  return results;
}

const said = (Output: string, Test?: string): object => ({ Action: 'output', Package: 'm/a', Test, Output });
const ended = (Action: string, Test?: string, Elapsed = 0.5): object => ({ Action, Package: 'm/a', Test, Elapsed });

test('each test has its end, and keeps its output unless it passed', () => {
  const [result] = resultsOf(
    said('=== RUN   TestA\n', 'TestA'),
    said('--- PASS: TestA\n', 'TestA'),
    ended('pass', 'TestA'),
    said('    a_test.go:3: not here\n', 'TestB'),
    ended('skip', 'TestB'),
    said('ok  \tm/a\t0.5s\n'),
    ended('pass', undefined, 0.5),
  );
  expect(result).toMatchObject({
    is: 'pass',
    tests: [
      { name: 'TestA', is: 'pass', seconds: 0.5, output: '' },
      { name: 'TestB', is: 'skip', output: '    a_test.go:3: not here\n' },
    ],
  });
  expect(formatPackage(result!)).toBe('ok  \tm/a\t0.500s');
});

test('a failing test has its own lines, the one with its name first, and a parent without a message is left out', () => {
  const [result] = resultsOf(
    said('=== RUN   TestA\n', 'TestA'),
    said('=== RUN   TestA/small\n', 'TestA/small'),
    said('    a_test.go:3: it is small\n', 'TestA/small'),
    said('    --- FAIL: TestA/small (0.00s)\n', 'TestA/small'),
    ended('fail', 'TestA/small'),
    said('--- FAIL: TestA (0.00s)\n', 'TestA'),
    ended('fail', 'TestA'),
    said('FAIL\n'),
    said('exit status 1\n'),
    said('FAIL\tm/a\t0.5s\n'),
    ended('fail'),
  );
  expect(formatFailedPackage(result!)).toBe(
    '--- FAIL: TestA/small (0.00s)\n    a_test.go:3: it is small\nFAIL\tm/a\t0.500s',
  );
});

test('a test that was running when its package ended has failed', () => {
  const [result] = resultsOf(said('panic: no\n', 'TestA'), said('exit status 2\n'), ended('fail'));
  expect(result!.tests).toEqual([{ name: 'TestA', is: 'fail', seconds: 0, output: 'panic: no\n' }]);
});

test("a package that does not compile has the compiler's output", () => {
  const [result] = resultsOf(
    { Action: 'build-output', ImportPath: 'm/a [m/a.test]', Output: 'a_test.go:3: undefined: x\n' },
    { Action: 'build-fail', ImportPath: 'm/a [m/a.test]' },
    { ...ended('fail'), FailedBuild: 'm/a [m/a.test]' },
  );
  expect(formatFailedPackage(result!)).toBe('a_test.go:3: undefined: x\nFAIL\tm/a\t0.500s');
});

test("an old Go's text for a package that does not compile is its end, and other text is kept", () => {
  const results: PackageResult[] = [];
  const collected = new TestEvents((result) => results.push(result));
  for (const line of ['FAIL\tm/a [build failed]', 'go: something else', '{"not an event"']) collected.add(line);
  expect(results.map(({ importPath, is }) => [importPath, is])).toEqual([['m/a', 'fail']]);
  expect(collected.rest).toBe('go: something else\n{"not an event"\n');
});

test('the beginning and the end of endless output are kept', () => {
  const results: PackageResult[] = [];
  const collected = new TestEvents((result) => results.push(result));
  for (let line = 0; line < 20_000; line++)
    collected.add(JSON.stringify(said(`${line} ${'x'.repeat(100)}\n`, 'TestA')));
  for (const event of [ended('fail', 'TestA'), ended('fail')]) collected.add(JSON.stringify(event));
  const { output } = results[0]!.tests[0]!;
  expect(output.length).toBeLessThan(600_000);
  expect(output).toMatch(/^0 x/);
  expect(output).toMatch(/… \d+ characters are left out …/);
  expect(output).toMatch(/\n19999 x+\n$/);
});

test('the output of passing tests is kept for users who want to see it', () => {
  const results: PackageResult[] = [];
  const collected = new TestEvents((result) => results.push(result), { verbose: true });
  for (const event of [
    said('hello\n', 'TestA'),
    ended('pass', 'TestA'),
    said('PASS\n'),
    said('ok  \tm/a\t0.5s\n'),
    ended('pass'),
  ])
    collected.add(JSON.stringify(event));
  expect(formatWholePackage(results[0]!)).toBe('hello\nPASS\nok  \tm/a\t0.500s');
});
