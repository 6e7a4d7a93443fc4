/** Flaky is what failed, and passed when it was run again; quarantined what failed, and does not count for a while. */
export type TestEnd = 'pass' | 'fail' | 'skip' | 'flaky' | 'quarantined';

/** A test whose failures do not count until the end of a day. */
export interface Quarantined {
  /** An import path, or a directory relative to the root. */
  readonly package: string;
  /** Without subtests. */
  readonly test: string;
  readonly reason: string;
  /** `2026-12-31`, in UTC. */
  readonly until: string;
}

export interface PackageList {
  /** How a person says which they are. */
  readonly words: string;
  /** Import paths, or directories as `./pkg/kubelet`. */
  readonly packages: readonly string[];
}

/** Which tests of the packages that are named, and how often. */
export interface TestChoice {
  /** As Go's -run and -skip. */
  readonly run?: string | undefined;
  readonly skip?: string | undefined;
  /** The nth part of `of`, from 1. */
  readonly shard?: { readonly nth: number; readonly of: number } | undefined;
  /** Of the packages that are named only those of each of these lists. */
  readonly only?: readonly PackageList[];
  /** Each test is run as often. */
  readonly runs?: number | undefined;
  /** A package that fails is run as often at most, until it passes. */
  readonly attempts?: number | undefined;
}

/** How one test ended, subtests as Go names them: `TestX/small`. */
export interface TestResult {
  readonly name: string;
  readonly is: TestEnd;
  readonly seconds: number;
  /** What it printed, where it failed or was skipped; of a flaky one when it failed; of one in quarantine the reason before that. */
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
