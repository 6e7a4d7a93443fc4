/**
 * Flaky: the test failed, and passed when it ran again. Quarantined: the test failed, and its failures do not count for
 * a while.
 */
export type TestEnd = 'pass' | 'fail' | 'skip' | 'flaky' | 'quarantined';

/** A test whose failures do not count until the end of a day. */
export interface Quarantined {
  /** An import path, or a directory relative to the root. */
  readonly package: string;
  /** The test function, without subtests. */
  readonly test: string;
  readonly reason: string;
  /** `2026-12-31`, in UTC. */
  readonly until: string;
}

export interface PackageList {
  /** The user's words for the list. */
  readonly words: string;
  /** Import paths, or directories as `./pkg/kubelet`. */
  readonly packages: readonly string[];
}

/** Selects tests of the named packages, and how often they run. */
export interface TestChoice {
  /** Go's -run and -skip. */
  readonly run?: string | undefined;
  readonly skip?: string | undefined;
  /** The nth of `of` parts, counted from 1. */
  readonly shard?: { readonly nth: number; readonly of: number } | undefined;
  /** Keep only the named packages that are in each of these lists. */
  readonly only?: readonly PackageList[];
  /** How often each test runs. */
  readonly runs?: number | undefined;
  /** How often a failing package runs at most, until it passes. */
  readonly attempts?: number | undefined;
}

/** The end of one test. Subtests have Go's names: `TestX/small`. */
export interface TestResult {
  readonly name: string;
  readonly is: TestEnd;
  readonly seconds: number;
  /** Output of a failed or skipped test. Flaky: the output of the failure. Quarantined: the reason, then the output. */
  readonly output: string;
}

export interface PackageResult {
  readonly importPath: string;
  readonly is: TestEnd;
  readonly seconds: number;
  readonly tests: readonly TestResult[];
  /** Output that belongs to no test: from compilers, from TestMain, the last lines of a crash. */
  readonly output: string;
}

/** Failed tests, without those of which a subtest failed. */
export const failedTests = ({ tests }: PackageResult): TestResult[] => {
  const failed = tests.filter(({ is }) => is === 'fail');
  return failed.filter(({ name }) => !failed.some((other) => other.name.startsWith(`${name}/`)));
};
