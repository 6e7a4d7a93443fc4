export type TestEnd = 'pass' | 'fail' | 'skip';

/** How one test ended, subtests as Go names them: `TestX/small`. */
export interface TestResult {
  readonly name: string;
  readonly is: TestEnd;
  readonly seconds: number;
  /** What it printed, where it failed or was skipped. */
  readonly output: string;
}

export interface PackageResult {
  readonly importPath: string;
  readonly is: TestEnd;
  readonly seconds: number;
  readonly tests: readonly TestResult[];
  /** What belongs to no test: that of compilers, of TestMain, the last lines of a crash. */
  readonly output: string;
}

/** Tests that failed, but for those of which a subtest failed. */
export const failedTests = ({ tests }: PackageResult): TestResult[] => {
  const failed = tests.filter(({ is }) => is === 'fail');
  return failed.filter(({ name }) => !failed.some((other) => other.name.startsWith(`${name}/`)));
};
