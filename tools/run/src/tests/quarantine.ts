import type { PackageResult, Quarantined, TestResult } from '@slipway/model';

/**
 * Quarantined tests of a failed package do not count. If no other test failed, the package is quarantined. A package
 * that crashed, was stopped, or ended at the first failure did not run all its tests, so it stays failed.
 */
export function withQuarantine(result: PackageResult, quarantine: readonly Quarantined[] = []): PackageResult {
  if (result.is !== 'fail' || !ranAll(result)) return result;
  const rows = quarantine.filter((each) => each.package === result.importPath);
  const tests = result.tests.map((test): TestResult => {
    const row = rows.find((each) => each.test === test.name.split('/')[0]);
    if (row === undefined || test.is !== 'fail') return test;
    return { ...test, is: 'quarantined', output: `quarantined until ${row.until}: ${row.reason}\n${test.output}` };
  });
  const isLeft = tests.some(({ is }) => is === 'fail') || !tests.some(({ is }) => is === 'quarantined');
  return { ...result, is: isLeft ? 'fail' : 'quarantined', tests };
}

/** The testing package prints this line after the last test. A race report outside tests comes before it. */
const ranAll = ({ output }: PackageResult): boolean => /^FAIL$/m.test(output) && !TROUBLE.test(output);

const TROUBLE = /^(panic: |fatal error: |signal: |exit status (?!1$)|testing: race detected outside )/m;
