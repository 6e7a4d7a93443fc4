import type { PackageResult, TestResult } from '@slipway/model';
import { formatPackage } from '@slipway/run';
import type { TestedPackage } from './test-run.ts';

/** Prints a package as `go test` without -v does: for a failed package its failed tests, nested, then its own lines. */
export function goLines({ result, is }: TestedPackage): string {
  if (result.is !== 'fail') return is === 'ran' ? formatPackage(result) : cachedLine(result);
  const top = result.tests.filter(({ is: end, name }) => end === 'fail' && !name.includes('/'));
  return `${top.flatMap((test) => failedLines(test, result.tests)).join('\n')}\n${result.output}`.trim();
}

function cachedLine(result: PackageResult): string {
  const coverage = /^coverage: .*$/m.exec(result.output)?.[0];
  return `ok  \t${result.importPath}\t(cached)${coverage === undefined ? '' : `\t${coverage}`}`;
}

const indented = (line: string): string => (line === '' ? '' : `    ${line}`);

/** Go prints that a test failed before its output. Subtests are part of that output. */
function failedLines(test: TestResult, all: readonly TestResult[]): string[] {
  const said = test.output.replace(/\n$/, '');
  const lines = said === '' ? [] : said.split('\n').filter((line) => !/^=== (RUN|PAUSE|CONT|NAME) /.test(line));
  const isHead = (line: string): boolean => /^ *--- FAIL: /.test(line);
  const head = lines.find(isHead)?.trimStart() ?? `--- FAIL: ${test.name} (${test.seconds.toFixed(2)}s)`;
  const below = all.filter(
    ({ is, name }) =>
      is === 'fail' && name.startsWith(`${test.name}/`) && !name.slice(test.name.length + 1).includes('/'),
  );
  return [
    head,
    ...lines.filter((line) => !isHead(line)),
    ...below.flatMap((each) => failedLines(each, all)).map(indented),
  ];
}

/** https://pkg.go.dev/cmd/test2json */
interface TestEvent {
  readonly Time: string;
  readonly Action: 'start' | 'run' | 'output' | 'pass' | 'fail' | 'skip';
  readonly Package: string;
  readonly Test?: string;
  readonly Elapsed?: number;
  readonly Output?: string;
}

/** The events of `go test -json`. For passed tests they contain what is known: that they ran, and how they ended. */
export function testEvents({ result, is }: TestedPackage, time: Date): TestEvent[] {
  const common = { Time: time.toISOString(), Package: result.importPath };
  const outputs = (text: string, more: object = {}): TestEvent[] =>
    text
      .split(/(?<=\n)/)
      .filter((line) => line !== '')
      .map((line) => ({ ...common, ...more, Action: 'output', Output: line }));
  const tests = result.tests.flatMap((test): TestEvent[] => {
    const named = { ...common, Test: test.name };
    return [
      { ...named, Action: 'run' },
      ...outputs(saidOf(test), { Test: test.name }),
      { ...named, Action: endOfTest(test), Elapsed: test.seconds },
    ];
  });
  const own =
    result.is === 'fail'
      ? result.output
      : `${is === 'ran' ? formatPackage({ ...result, is: 'pass' }) : cachedLine(result)}\n`;
  return [
    { ...common, Action: 'start' },
    ...tests,
    ...outputs(own),
    { ...common, Action: endOfPackage(result), Elapsed: result.seconds },
  ];
}

/** Test2json has no word for flaky and quarantined tests. The output before the end says that they failed. */
const ENDS = { pass: 'pass', fail: 'fail', skip: 'skip', flaky: 'pass' } as const;
const endOfTest = ({ is }: TestResult): 'pass' | 'fail' | 'skip' => (is === 'quarantined' ? 'skip' : ENDS[is]);
const endOfPackage = ({ is }: PackageResult): 'pass' | 'fail' | 'skip' => (is === 'quarantined' ? 'pass' : ENDS[is]);

const saidOf = ({ name, is, seconds, output }: TestResult): string =>
  output !== '' && is !== 'flaky' ? output : `=== RUN   ${name}\n--- PASS: ${name} (${seconds.toFixed(2)}s)\n`;
