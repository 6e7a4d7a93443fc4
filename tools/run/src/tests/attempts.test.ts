import { expect, test } from 'vitest';
import type { PackageResult, TestEnd } from '@slipway/model';
import { afterFailure } from './attempts.ts';
import { formatPackage } from './format-result.ts';

const result = (is: TestEnd, tests: Readonly<Record<string, TestEnd>>, output = ''): PackageResult => ({
  ...{ importPath: 'm/a', is, seconds: 1, output },
  tests: Object.entries(tests).map(([name, end]) => ({
    ...{ name, is: end, seconds: 0 },
    output: end === 'fail' ? `--- FAIL: ${name} (0.00s)\n    a_test.go:3: no\n` : '',
  })),
});

test('a test that failed and then passed is flaky and keeps the output of its failure', () => {
  const now = afterFailure(
    result('fail', { TestA: 'fail', TestB: 'pass' }),
    result('pass', { TestA: 'pass', TestB: 'pass' }),
  );
  expect(now).toMatchObject({
    is: 'flaky',
    tests: [
      { name: 'TestA', is: 'flaky' },
      { name: 'TestB', is: 'pass' },
    ],
  });
  expect(formatPackage(now)).toBe('--- FAIL: TestA (0.00s)\n    a_test.go:3: no\nok  \tm/a\t1.000s\t(flaky)');
});

test('a package that fails again has failed, with its last output, and a test that passed meanwhile is flaky', () => {
  const again = afterFailure(
    result('fail', { TestA: 'fail', TestB: 'pass' }),
    result('fail', { TestA: 'pass', TestB: 'fail' }),
  );
  expect(again).toMatchObject({
    is: 'fail',
    tests: [
      { name: 'TestA', is: 'flaky' },
      { name: 'TestB', is: 'fail' },
    ],
  });
  const last = afterFailure(again, result('pass', { TestA: 'pass', TestB: 'pass' }));
  expect(last.tests.map(({ is }) => is)).toEqual(['flaky', 'flaky']);
});

test('a package that failed without a test and then passed is flaky and keeps the output of its failure', () => {
  const now = afterFailure(result('fail', {}, 'panic: no\n'), result('pass', { TestA: 'pass' }));
  expect(now).toMatchObject({ is: 'flaky', output: 'panic: no\n' });
  expect(formatPackage(now)).toBe('panic: no\nok  \tm/a\t1.000s\t(flaky)');
});
