import type { PackageResult, TestResult } from '@slipway/model';

/** Progress lines of `go test -v`. The tests' own lines are kept. */
const isMark = (line: string): boolean => /^=== (RUN|PAUSE|CONT|NAME) /.test(line);

/** A failed package for a reader: first each failing test with its own lines, then the package's other output. */
export function formatFailedPackage({ importPath, seconds, tests, output }: PackageResult): string {
  const failed = tests.filter(({ is }) => is === 'fail');
  // A test fails with its subtests. If a subtest has the message, the parent adds nothing.
  const telling = failed.filter(
    (test) => !failed.some((other) => other.name.startsWith(`${test.name}/`)) || linesOf(test).length > 1,
  );
  const own = lines(output).filter((line) => !/^(FAIL|exit status \d+)$/.test(line) && !line.startsWith('FAIL\t'));
  return [...telling.flatMap((test) => linesOf(test)), ...own, `FAIL\t${importPath}\t${seconds.toFixed(3)}s`].join(
    '\n',
  );
}

function linesOf({ name, output }: TestResult): string[] {
  const said = lines(output);
  const head = said.findIndex((line) => line.trimStart().startsWith('--- FAIL: '));
  if (head < 0) return [`--- FAIL: ${name}`, ...said];
  return [said[head]!.trimStart(), ...said.filter((_, index) => index !== head)];
}

const lines = (text: string): string[] =>
  text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .filter((line) => !isMark(line));

/** The line of `go test`. Flaky and quarantined tests also show the output of their failure. */
export function formatPackage(result: PackageResult): string {
  const { importPath, is, seconds, output, tests } = result;
  if (is === 'fail') return `FAIL\t${importPath}\t${seconds.toFixed(3)}s`;
  if (/\[no test files\]/.test(output)) return `?   \t${importPath}\t[no test files]`;
  const coverage = /^coverage: .*$/m.exec(output)?.[0];
  const line = `ok  \t${importPath}\t${seconds.toFixed(3)}s${coverage === undefined ? '' : `\t${coverage}`}`;
  if (is !== 'flaky' && is !== 'quarantined') return line;
  const failed = tests.filter((test) => test.is === 'flaky' || test.is === 'quarantined');
  const told = failed.length > 0 ? failed.flatMap((test) => linesOf(test)) : lines(output);
  return [...told, `${line}\t(${is})`].join('\n');
}

/** The complete output of its tests, with the marks of `go test -v`; for a package that did not run, its line. */
export function formatWholePackage(result: PackageResult): string {
  const own = result.output
    .split('\n')
    .filter((line) => !/^(ok  |FAIL|coverage: |exit status )/.test(line) && line !== '');
  const said = result.tests.flatMap(({ output }) => (output === '' ? [] : [output.replace(/\n$/, '')]));
  return [...said, ...own, formatPackage(result)].join('\n');
}
