import { posix } from 'node:path';
import { type TestResult, failedTests } from '@slipway/model';
import type { TestedPackage } from './test-run.ts';

/** Where a test failed, and what it said there. */
export interface FailureLine {
  /** Empty for a package that failed by itself. */
  readonly test: string;
  /** Relative to the root. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** `    a_test.go:3: it is small`: of the testing package, by a name without a directory. */
const SAID = /^\s+([^\s:/\\]+\.go):(\d+): (.*)$/m;
/** `pkg/a_test.go:3:5: undefined: x`: of compilers and vet, from where Go was started. */
const COMPILED = /^(?:vet: )?(?:\.\/)?([^\s:]+\.go):(\d+)(?::\d+)?: (.*)$/gm;

/** One for each failing test that says where; of a package that does not compile what the compiler says. */
export function failureLines(tested: TestedPackage): FailureLine[] {
  const { result, dir, moduleDir } = tested;
  if (result.is !== 'fail') return [];
  const tests = failedTests(result).flatMap((test) => lineOf(test, dir) ?? []);
  const compiled = [...result.output.matchAll(COMPILED)].map(([, file, line, text]): FailureLine => ({
    test: '',
    file: posix.join(moduleDir, file!),
    line: Number(line),
    text: text!,
  }));
  return [...tests, ...compiled];
}

export function lineOf({ name, output }: TestResult, dir: string): FailureLine | undefined {
  const said = SAID.exec(output);
  if (said === null) return panicLine(name, output, dir);
  const more = /(?:\n {8,}\S.*)*/.exec(output.slice(said.index + said[0].length))?.[0] ?? '';
  const text = `${said[3]}${more.replaceAll(/\n\s*/g, '\n')}`.trim();
  return { test: name, file: posix.join(dir, said[1]!), line: Number(said[2]), text };
}

/** The first frame in the package itself, of a panic. */
function panicLine(name: string, output: string, dir: string): FailureLine | undefined {
  const panic = /^panic: (.*)$/m.exec(output)?.[1];
  if (panic === undefined) return undefined;
  const frames = output.matchAll(/^\t(\S+\.go):(\d+)/gm);
  const frame = [...frames].find(([, file]) => posix.dirname(file!).endsWith(`/${dir}`));
  if (frame === undefined) return undefined;
  const file = posix.join(dir, posix.basename(frame[1]!));
  return { test: name, file, line: Number(frame[2]), text: `panic: ${panic}` };
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: a line of the log becomes a mark at the line. */
export function formatAnnotation({ test, file, line, text }: FailureLine, importPath: string): string {
  const title = test === '' ? importPath : `${test} (${importPath})`;
  return `::error file=${property(file)},line=${line},title=${property(title)}::${escaped(text)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
