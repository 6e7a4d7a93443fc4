import type { PackageResult, TestResult } from '@slipway/model';

/** Lines with which `go test -v` says where it is; what tests themselves say stays. */
const isMark = (line: string): boolean => /^=== (RUN|PAUSE|CONT|NAME) /.test(line);

/** What a person looks for first: each failing test with its own lines, then what the package said beside them. */
export function formatFailedPackage({ importPath, seconds, tests, output }: PackageResult): string {
  const failed = tests.filter(({ is }) => is === 'fail');
  // A test fails with its subtests: where these say why, it adds nothing.
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

/** As `go test` says it; of a flaky package also how it failed, and so of tests in quarantine. */
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

/** All that its tests printed, with the marks of `go test -v`; of one that did not run now its line. */
export function formatWholePackage(result: PackageResult): string {
  const own = result.output
    .split('\n')
    .filter((line) => !/^(ok  |FAIL|coverage: |exit status )/.test(line) && line !== '');
  const said = result.tests.flatMap(({ output }) => (output === '' ? [] : [output.replace(/\n$/, '')]));
  return [...said, ...own, formatPackage(result)].join('\n');
}
