/** One test as the summary of `npm test` counts it. */
export interface TestRecord {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
}

/** Reads what a target left in `_output/test`: vitest's JSON, or what `hack/go.ts` wrote. */
export function readReport(text: string): readonly TestRecord[] {
  const report: unknown = JSON.parse(text);
  return Array.isArray(report) ? (report as TestRecord[]) : fromVitest(report as VitestReport);
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
    }[];
  }[];
}

function fromVitest({ testResults }: VitestReport): readonly TestRecord[] {
  return testResults.flatMap(({ name: file, status, assertionResults }) => {
    const short = file.replace(/^.*?\/(?=(?:tools|hack)\/)/, '');
    // A file that could not be loaded has no tests to count, and must not look like a pass.
    if (assertionResults.length === 0 && status === 'failed')
      return [{ name: short, outcome: 'failed' as const, milliseconds: 0 }];
    return assertionResults.map(({ fullName, status: outcome, duration }) => ({
      name: `${short} > ${fullName}`,
      outcome: outcome === 'passed' || outcome === 'failed' ? outcome : ('skipped' as const),
      milliseconds: duration ?? 0,
    }));
  });
}

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
