import { posix } from 'node:path';
import { type TestResult, failedTests } from '@slipway/model';
import type { TestedPackage } from './test-run.ts';

/** The place of a test failure, and its message. */
export interface FailureLine {
  /** Empty for a package that failed as a whole. */
  readonly test: string;
  /** Relative to the root. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** `    a_test.go:3: it is small`: the testing package's format, a file name without a directory. */
const SAID = /^\s+([^\s:/\\]+\.go):(\d+): (.*)$/m;
/**
 * `pkg/a_test.go:3:5: undefined: x`: the format of compilers and vet, relative to the directory in which Go was
 * started.
 */
const COMPILED = /^(?:vet: )?(?:\.\/)?([^\s:/][^\s:]*\.go):(\d+)(?::\d+)?: (.*)$/gm;

/** One for each failing test that names a place; for a package that does not compile, the compiler's errors. */
export function failureLines(tested: TestedPackage): FailureLine[] {
  const { result, dir, moduleDir } = tested;
  if (result.is !== 'fail') return [];
  const tests = failedTests(result).flatMap((test) => lineOf(test, dir) ?? []);
  return [...tests, ...compiledLines(result.output, moduleDir)];
}

/** Errors in files of the tree, from a compiler that was started in `dir`. */
const compiledLines = (output: string, dir: string): FailureLine[] =>
  [...output.matchAll(COMPILED)]
    .map(([, file, line, text]) => ({ test: '', file: posix.join(dir, file!), line: Number(line), text: text! }))
    .filter(({ file }) => !/^(?:\.\.)?\//.test(file));

/** A mark at each line that a failed step names. Without such a line, one mark with the end of its output. */
export function annotationsOf({ title, dir, output }: FailedStep): string[] {
  const lines = compiledLines(output, dir);
  if (lines.length > 0) return lines.map((line) => formatAnnotation(line, title));
  return [`::error title=${property(title)}::${escaped(output.split('\n').slice(-MOST_LINES).join('\n'))}`];
}

export interface FailedStep {
  readonly title: string;
  /** The working directory of its program, relative to the root. */
  readonly dir: string;
  readonly output: string;
}

/** For a failure that names no line. */
const MOST_LINES = 20;

export function lineOf({ name, output }: TestResult, dir: string): FailureLine | undefined {
  const said = SAID.exec(output);
  if (said === null) return panicLine(name, output, dir);
  const more = /(?:\n {8,}\S.*)*/.exec(output.slice(said.index + said[0].length))?.[0] ?? '';
  const text = `${said[3]}${more.replaceAll(/\n\s*/g, '\n')}`.trim();
  return { test: name, file: posix.join(dir, said[1]!), line: Number(said[2]), text };
}

/** The first frame of a panic in the package itself. */
function panicLine(name: string, output: string, dir: string): FailureLine | undefined {
  const panic = /^panic: (.*)$/m.exec(output)?.[1];
  if (panic === undefined) return undefined;
  const frames = output.matchAll(/^\t(\S+\.go):(\d+)/gm);
  const frame = [...frames].find(([, file]) => posix.dirname(file!).endsWith(`/${dir}`));
  if (frame === undefined) return undefined;
  const file = posix.join(dir, posix.basename(frame[1]!));
  return { test: name, file, line: Number(frame[2]), text: `panic: ${panic}` };
}

/**
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions: GitHub turns this log line into an
 * annotation of the source line.
 */
export function formatAnnotation({ test, file, line, text }: FailureLine, importPath: string): string {
  const title = test === '' ? importPath : `${test} (${importPath})`;
  return `::error file=${property(file)},line=${line},title=${property(title)}::${escaped(text)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
