import { delimiter, isAbsolute, relative } from 'node:path';
import type { Memo } from '@slipway/adapters';
import { type GoBuild, type GoFlagName, archOf, osOf, parseGoFlags, splitQuoted } from '@slipway/model';
import type { NativePart } from '../graph/port.ts';
import { type Compiler, type CompilerAnswer, type CompilerAsking, askCompiler, isProgramFile } from './ask-compiler.ts';
import type { KnownIncludes } from './known-includes.ts';
import { type PkgConfigAnswer, askPkgConfig } from './pkg-config.ts';
import type { NativeOptions, NativeQuery } from './port.ts';

/** The results of one run's queries. */
export interface Reading extends NativeOptions {
  readonly known: Map<string, Promise<unknown>>;
  readonly includes: KnownIncludes;
  readonly answers: Map<string, Promise<CompilerAnswer>>;
}

export const usesCompiler = ({ cgo, others }: NativePart): boolean => cgo.length > 0 || others.length > 0;

export const settingWords = ({ env }: NativeQuery, name: string): string[] => splitQuoted(env[name] ?? '');

/** The same as gccArchArgs of cmd/go. They select between directories. */
export function archFlags({ platform }: GoBuild): string[] {
  const arch = archOf(platform);
  if (arch === '386') return ['-m32'];
  if (arch === 'amd64') return osOf(platform) === 'darwin' ? ['-arch', 'x86_64', '-m64'] : ['-m64'];
  if (arch === 'arm64' && osOf(platform) === 'darwin') return ['-arch', 'arm64'];
  return arch === 'arm' ? ['-marm'] : arch === 's390x' ? ['-m64'] : [];
}

export function compilersOf(query: NativeQuery, hasCxx: boolean): Compiler[] {
  const { go } = query;
  const commandOf = (setting: string, program: string): string[] => {
    const words = splitQuoted(query.env[setting] ?? '');
    return words.length === 0 ? [program] : words;
  };
  return [
    { command: commandOf('CC', go.compiler!), language: 'c', program: go.compiler! },
    ...(hasCxx && go.cxxCompiler !== undefined
      ? [{ command: commandOf('CXX', go.cxxCompiler), language: 'c++', program: go.cxxCompiler } as const]
      : []),
  ];
}

/** A script may read and run anything. */
export const wrapperProblem = ({ program }: Compiler): string | undefined =>
  isProgramFile(program) ? undefined : `slipway cannot tell what the script ${program} reads`;

export function ask(
  compiler: Compiler,
  words: readonly string[],
  asking: CompilerAsking,
  { answers, memo, index }: Reading,
): Promise<CompilerAnswer> {
  const searching = words.filter((word) => /^(?:-m|--?sysroot|-isysroot|-std|-nostd|-target|-arch|-stdlib)/.test(word));
  const place = placeOf([...compiler.command.slice(1), ...searching], asking);
  const key = `compiler ${JSON.stringify([2, compiler, index.digest(compiler.program), searching, place])}`;
  const kept = memo.get(key);
  const found =
    answers.get(key) ??
    (kept === undefined
      ? remember(askCompiler(compiler, searching, asking), key, memo)
      : Promise.resolve(JSON.parse(kept) as CompilerAnswer));
  answers.set(key, found);
  return found;
}

/** The answer for words that name a place is kept for this tree only, because it may depend on the tree. */
const placeOf = (words: readonly string[], asking: CompilerAsking): unknown =>
  words.every((word) => word.startsWith('-') && !/[/.]|^-(?:I|i|B)|sysroot/.test(word))
    ? decidingOf(asking)
    : [decidingOf(asking), asking.cwd];

/**
 * The variables that decide where a compiler searches. They are equal for all trees of a user, unless they name places
 * in the tree.
 */
export function decidingOf({ env, cwd }: CompilerAsking): unknown {
  const deciding = Object.entries(env)
    .filter(([name]) => DECIDING.test(name))
    .sort();
  const isPlaced = deciding.some(([, value]) => !value!.split(delimiter).every((each) => isAbsolute(each)));
  return [deciding, isPlaced ? cwd : undefined];
}

/** Only Go reads GOPATH. */
const DECIDING = /^(?!GOPATH$)(?:.*PATH|SDKROOT|(?:GCC|NIX|ZIG|LD|COLLECT)_.*|LDEMULATION|GNUTARGET)$/;

async function remember(asked: Promise<CompilerAnswer>, key: string, memo: Memo): Promise<CompilerAnswer> {
  const answer = await asked;
  if (answer.problem === undefined) memo.set(key, JSON.stringify(answer));
  return answer;
}

export async function pkgConfigOf(
  { flags }: NativePart,
  dir: string,
  query: NativeQuery,
  reading: Reading,
): Promise<PkgConfigAnswer | undefined> {
  const words = flags['pkg-config'];
  if (words === undefined || query.image !== undefined) return undefined;
  const program = splitQuoted(query.env['PKG_CONFIG'] ?? '')[0] ?? 'pkg-config';
  return askPkgConfig(words, program, { ...askingOf(query, reading), cwd: dir });
}

export const askingOf = ({ env, cwd }: NativeQuery, { runner, signal }: Reading): CompilerAsking => ({
  runner,
  env,
  cwd,
  signal,
});

export const existing = (paths: readonly string[], { index }: Reading): string[] =>
  [...new Set(paths)].filter((path) => index.look(path).kind === 'file');

/** Values of -ldflags and similar flags from all sources, without their package patterns. */
export const toolFlagsOf = ({ flags }: GoBuild, env: NativeQuery['env'], name: GoFlagName): string[] =>
  parseGoFlags({ goFlags: env['GOFLAGS'], words: flags }).flatMap((flag) =>
    flag.name === name ? [flag.value.replace(/^[^\s'"=-][^\s'"=]*=/, '')] : [],
  );

export const isCxx = (file: string): boolean => /\.(?:cc|cpp|cxx|mm)$/.test(file);

/**
 * Relative to the tree or to Go. A module of the cache has the same name everywhere. Other paths belong to this
 * machine.
 */
export function nameOf(
  path: string,
  moduleDir: string | undefined,
  { toolchain }: NativeQuery,
  { root }: Reading,
): string {
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  if (path.startsWith(`${toolchain.goroot}/`)) return `go/${path.slice(toolchain.goroot.length + 1)}`;
  if (moduleDir !== undefined && path.startsWith(moduleDir.replace(/(@[^/]+).*$/, '$1/')))
    return `./${relative(moduleDir, path)}`;
  return path;
}
