import { expect, test } from 'vitest';
import type { PackageResult, Quarantined } from '@slipway/model';
import { formatPackage } from './format-result.ts';
import { withQuarantine } from './quarantine.ts';

const rows: readonly Quarantined[] = [{ package: 'm/a', test: 'TestA', reason: 'slow', until: '2026-12-31' }];
const failed = (names: readonly string[], output = 'FAIL\nFAIL\tm/a\t1.0s\n'): PackageResult => ({
  ...{ importPath: 'm/a', is: 'fail', seconds: 1, output },
  tests: names.map((name) => ({ name, is: 'fail', seconds: 0, output: `--- FAIL: ${name} (0.00s)\n` })),
});
const ends = (result: PackageResult): string[] => [result, ...result.tests].map(({ is }) => is);

test('a package whose failing tests (and subtests) are all in quarantine is in quarantine, with the reason', () => {
  const result = withQuarantine(failed(['TestA', 'TestA/part']), rows);
  expect(ends(result)).toEqual(['quarantined', 'quarantined', 'quarantined']);
  expect(formatPackage(result)).toBe(
    [
      ...['TestA', 'TestA/part'].flatMap((name) => [`--- FAIL: ${name} (0.00s)`, 'quarantined until 2026-12-31: slow']),
      'ok  \tm/a\t1.000s\t(quarantined)',
    ].join('\n'),
  );
});

test('another failure in the package counts', () => {
  expect(ends(withQuarantine(failed(['TestA', 'TestAB']), rows))).toEqual(['fail', 'quarantined', 'fail']);
  expect(ends(withQuarantine(failed([]), rows))).toEqual(['fail']);
});

test('a test with the same name in another package counts', () => {
  expect(ends(withQuarantine({ ...failed(['TestA']), importPath: 'm/b' }, rows))).toEqual(['fail', 'fail']);
});

test.each([
  'panic: gone\nexit status 2\nFAIL\tm/a\t1.0s\n',
  'exit status 1\nFAIL\tm/a\t1.0s\n',
  'FAIL\nexit status 66\n',
  'testing: race detected outside of test execution\nFAIL\nexit status 1\n',
])('a package that did not run all its tests failed: %j', (output) =>
  expect(ends(withQuarantine(failed(['TestA'], output), rows))).toEqual(['fail', 'fail']),
);
