import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { CommandRunner } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { fileMagic } from './file-magic.ts';

export type Language = 'c' | 'c++';

/** A C or C++ compiler with Go's arguments. */
export interface Compiler {
  /** `zig cc -target x86_64-windows-gnu`, in words. The first is an absolute path, or a name on PATH. */
  readonly command: readonly string[];
  /** The absolute path of the program, without launchers. */
  readonly program: string;
  readonly language: Language;
}

/** A compiler's answer about its paths, absolute. The caller checks whether they exist. */
export interface CompilerAnswer {
  /** Its search path for `<name>`, after the flags, including missing directories. */
  readonly dirs: readonly string[];
  /** The programs it runs: the compiler proper, the assembler, the linker. */
  readonly programs: readonly string[];
  readonly problem: string | undefined;
}

export interface CompilerAsking {
  readonly runner: CommandRunner;
  readonly env: Environment;
  /** Absolute. */
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/** Programs that a driver starts, and the linkers that `-fuse-ld` selects. */
const PROGRAMS = {
  c: ['cc1'],
  'c++': ['cc1plus'],
  both: ['as', 'collect2', 'ld', 'ld.gold', 'ld.bfd', 'ld.lld', 'lto-wrapper'],
} as const;

/**
 * Asks a compiler for its header search path and its programs: `-E -v` and `-print-prog-name` of gcc, clang and zig.
 */
export async function askCompiler(
  { command, language }: Compiler,
  flags: readonly string[],
  asking: CompilerAsking,
): Promise<CompilerAnswer> {
  const { stderr, exit } = await run([...command, ...flags, '-E', '-v', '-x', language, '-'], asking);
  const listed = [...stderr.matchAll(/^ignoring nonexistent directory "(.+)"$/gm)].map(([, dir]) => dir!);
  const [, block] = /^#include <\.\.\.> search starts here:\n((?: .*\n)*)End of search list/m.exec(stderr) ?? [];
  if (exit !== 0 || block === undefined)
    return { dirs: [], programs: [], problem: `${command.join(' ')} does not say where it looks for headers` };
  const dirs = [...listed, ...block.split('\n').map((line) => line.slice(1).replace(/ \(framework directory\)$/, ''))];
  return {
    dirs: [...new Set(dirs.filter((dir) => dir !== '').map((dir) => resolve(asking.cwd, dir)))],
    programs: await programsOf({ command, language }, asking),
    problem: undefined,
  };
}

async function programsOf({ command, language }: Omit<Compiler, 'program'>, asking: CompilerAsking): Promise<string[]> {
  const names = [...PROGRAMS[language], ...PROGRAMS.both];
  const answers = await Promise.all(names.map((name) => run([...command, `-print-prog-name=${name}`], asking)));
  const found = answers.flatMap(({ exit, stdout }) => (exit === 0 ? [stdout.trim()] : []));
  return [
    ...new Set(
      found.filter((path) => path !== '' && !path.includes('\n')).flatMap((path) => placesOf(path, asking.env)),
    ),
  ];
}

/** A name is searched on PATH. Earlier directories of PATH count, too. */
export function placesOf(program: string, env: Environment): string[] {
  if (isAbsolute(program)) return [program];
  const dirs = (env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return dirs.map((dir) => join(dir, program));
}

async function run(
  argv: readonly string[],
  { runner, env, cwd, signal }: CompilerAsking,
): Promise<{ readonly exit: number | undefined; readonly stdout: string; readonly stderr: string }> {
  // In English, regardless of the user's language.
  return runner.run({
    argv,
    cwd,
    env: { ...env, LC_ALL: 'C' },
    input: '',
    ...(signal === undefined ? {} : { signal }),
  });
}

/**
 * Files and missing candidates that the linker searches for these flags, from `--verbose` of GNU ld and gold, and
 * missing directories. Without an object the linker fails, but only after it searched for everything. Undefined: the
 * linker does not print it.
 */
export async function askLinker(
  { command }: Compiler,
  flags: readonly string[],
  asking: CompilerAsking,
): Promise<readonly string[] | undefined> {
  const argv = [
    ...command,
    ...flags,
    '-lpthread',
    '-lc',
    '-Wl,--verbose',
    '-Wl,--unresolved-symbols=ignore-all',
    '-o',
    '/dev/null',
  ];
  const { stdout, stderr } = await run(argv, asking);
  const attempts = [...`${stdout}\n${stderr}`.matchAll(/attempt to open (.+?) (?:succeeded|failed)$/gm)];
  const found = [...`${stdout}\n${stderr}`.matchAll(/^found .+? at (.+)$/gm)];
  if (attempts.length === 0) return undefined;
  // Go starts the linker in its own empty directory.
  const paths = [...attempts, ...found].map(([, path]) => path!).filter((path) => isAbsolute(path));
  return [...new Set([...paths, ...(await missingDirs(command, flags, asking))].map((path) => resolve(path)))];
}

/** gcc does not pass a missing directory to the linker, but will do so once it exists. */
async function missingDirs(
  command: readonly string[],
  flags: readonly string[],
  asking: CompilerAsking,
): Promise<readonly string[]> {
  const { exit, stdout } = await run([...command, ...flags, '-print-search-dirs'], asking);
  const [, list = ''] = (exit === 0 && /^libraries: =(.*)$/m.exec(stdout)) || [];
  return list.split(delimiter).filter((dir) => isAbsolute(dir) && !existsSync(dir));
}

/** Reports whether a file is a binary program. Slipway cannot know what a script starts. */
export function isProgramFile(path: string): boolean {
  const magic = fileMagic(path, 4);
  if (magic === undefined) return false;
  return (
    magic === '\x7fELF' ||
    magic.startsWith('MZ') ||
    ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'].includes(Buffer.from(magic, 'latin1').toString('hex'))
  );
}
