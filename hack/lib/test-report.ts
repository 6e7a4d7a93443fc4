import type { Event, PackageResult, TestResult } from '@slipway/model';

/** One test as the summary of `npm test` counts it. */
export interface TestRecord {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  /** The reason of a skipped test. */
  readonly why?: string;
}

/** Output of a task of `npm test` in `_output/test`. */
export interface TestReport {
  /** `project:target`, as Nx calls it. */
  readonly task: string;
  readonly records: readonly TestRecord[];
}

/** Nx tells each task its name. */
export const reportText = (records: readonly TestRecord[], { env } = process): string =>
  JSON.stringify({ task: `${env['NX_TASK_TARGET_PROJECT']}:${env['NX_TASK_TARGET_TARGET']}`, records });

export const readReport = (text: string): TestReport => JSON.parse(text) as TestReport;

export interface GoTestRun {
  readonly records: readonly TestRecord[];
  /** The text to show: a line for each package, and the failures. */
  readonly shown: string;
}

const outcomes = { pass: 'passed', fail: 'failed', skip: 'skipped', flaky: 'passed', quarantined: 'passed' } as const;

/** From `slipway test --json`: all packages, also restored ones. */
export function readTestedPackages(lines: readonly string[]): GoTestRun {
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Event);
  const packages = new Map(
    events.flatMap((event) => (event.kind === 'package-tested' ? [[event.result.importPath, event] as const] : [])),
  );
  const records = [...packages.values()].flatMap(({ result }) => recordsOf(result));
  const told = [...packages.values()].map(({ result, is }) => `${result.is.padEnd(5)} ${result.importPath} (${is})\n`);
  const failed = events.flatMap((event) =>
    event.kind === 'step-finished' && event.outcome.is === 'failed' ? [event.output] : [],
  );
  return { records, shown: [...told, ...failed].join('\n').replaceAll('\n\n', '\n') };
}

/** A package that does not compile, or whose process dies, fails without a failed test. */
function recordsOf({ importPath, is, seconds, tests }: PackageResult): TestRecord[] {
  const records = tests.map((test): TestRecord => ({
    name: `${importPath} ${test.name}`,
    outcome: outcomes[test.is],
    milliseconds: test.seconds * 1000,
    ...(test.is === 'skip' ? { why: whySkipped(test, importPath) } : {}),
  }));
  const isBroken = is === 'fail' && !tests.some((test) => test.is === 'fail');
  return isBroken ? [...records, { name: importPath, outcome: 'failed', milliseconds: seconds * 1000 }] : records;
}

/** The text of t.Skip: `    file_test.go:12: why`. */
const whySkipped = ({ output }: TestResult, importPath: string): string =>
  output
    .split('\n')
    .flatMap((line) => /^\s+\w+\.go:\d+: (.*)/.exec(line)?.[1] ?? [])
    .at(-1) ?? `${importPath} does not say why`;
