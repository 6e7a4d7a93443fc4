/** One test as the summary of `npm test` counts it. */
export interface TestRecord {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  /** Of a skipped one. */
  readonly why?: string;
}

/** What a task of `npm test` leaves in `_output/test`. */
export interface TestReport {
  /** `project:target`, as Nx calls it. */
  readonly task: string;
  readonly records: readonly TestRecord[];
}

/** Nx tells each task who it is. */
export const reportText = (records: readonly TestRecord[], { env } = process): string =>
  JSON.stringify({ task: `${env['NX_TASK_TARGET_PROJECT']}:${env['NX_TASK_TARGET_TARGET']}`, records });

export const readReport = (text: string): TestReport => JSON.parse(text) as TestReport;

interface GoTestEvent {
  readonly Action: string;
  readonly Package?: string;
  readonly ImportPath?: string;
  readonly Test?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
}

export interface GoTestRun {
  readonly records: readonly TestRecord[];
  /** What to show: the whole output of packages that failed, a line for each of the others. */
  readonly shown: string;
}

const outcomes: Readonly<Record<string, TestRecord['outcome']>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** Reads the lines of `go test -json`. */
export function readGoTestEvents(lines: readonly string[]): GoTestRun {
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as GoTestEvent);
  const strangers = lines.filter((line) => line.trim() !== '' && !line.startsWith('{'));
  const ended = events.filter(({ Action }) => Action in outcomes);
  const failedPackages = new Set(ended.filter(({ Action }) => Action === 'fail').map(({ Package }) => Package));
  const recordOf = ({ Action, Package = '', Test, Elapsed = 0 }: GoTestEvent): TestRecord => ({
    name: Test === undefined ? Package : `${Package} ${Test}`,
    outcome: outcomes[Action] ?? 'failed',
    milliseconds: Elapsed * 1000,
    ...(Action === 'skip' ? { why: whySkipped(events, Package, Test) } : {}),
  });
  const tests = ended.filter(({ Test }) => Test !== undefined);
  const withFailedTest = new Set(tests.filter(({ Action }) => Action === 'fail').map(({ Package }) => Package));
  // A package that does not compile, or whose process dies, fails without a test that failed.
  const broken = ended.filter(
    ({ Action, Package, Test }) => Action === 'fail' && Test === undefined && !withFailedTest.has(Package),
  );
  const outputs = events.filter(({ Action, Package, Test, Output = '' }) => {
    if (Action === 'build-output' || failedPackages.has(Package)) return true;
    return Action === 'output' && Test === undefined && /^(?:ok|\?)\s/.test(Output);
  });
  return {
    records: [...tests, ...broken].map(recordOf),
    shown: [...strangers.map((line) => `${line}\n`), ...outputs.map(({ Output = '' }) => Output)].join(''),
  };
}

/** What it said in t.Skip: `    file_test.go:12: why`. */
function whySkipped(events: readonly GoTestEvent[], inPackage: string, test: string | undefined): string {
  const said = events.filter(
    ({ Package, Test, Output }) => Package === inPackage && Test === test && Output !== undefined,
  );
  const lines = said.map(({ Output = '' }) => /^\s+\w+\.go:\d+: (.*)/.exec(Output)?.[1]);
  return lines.findLast((line) => line !== undefined) ?? `${inPackage} does not say why`;
}
