import { delimiter, resolve } from 'node:path';
import { isGoFlagOn, lastGoFlag, parseGoFlags, splitQuoted } from '@slipway/model';
import type { Closure, GraphPackage, NativePart } from '../graph/port.ts';
import { type Compiler, askLinker } from './ask-compiler.ts';
import {
  type Reading,
  archFlags,
  ask,
  askingOf,
  compilersOf,
  decidingOf,
  existing,
  isCxx,
  nameOf,
  pkgConfigOf,
  settingWords,
  toolFlagsOf,
  usesCompiler,
} from './asking.ts';
import { readCFlags } from './c-flags.ts';
import type { LinkInputs, NativeQuery } from './port.ts';
import { thinMembers } from './thin-archive.ts';

export async function linking(closure: Closure, query: NativeQuery, reading: Reading): Promise<LinkInputs | undefined> {
  const { go, image } = query;
  if (go.compiler === undefined || image !== undefined) return undefined;
  const natives = [...closure.packages, ...closure.library].flatMap((one) =>
    one.native !== undefined && usesCompiler(one.native) ? [{ ...one, native: one.native }] : [],
  );
  const byOthers = isExternal(closure, query);
  if (natives.length === 0 && !byOthers) return undefined;
  const asking = askingOf(query, reading);
  const hasCxx = natives.some(({ native }) => native.sources.some(isCxx));
  const compilers = compilersOf(query, hasCxx);
  const answers = await Promise.all(compilers.map((each) => ask(each, [], asking, reading)));
  const programs = answers.flatMap((answer) => answer.programs);
  const external = byOthers
    ? await externalLink(natives, { compiler: compilers.at(-1)!, programs }, query, reading)
    : { looked: [], problem: undefined };
  const looked = [...programs, ...external.looked.flatMap((path) => [path, ...thinMembers(path)])];
  const there = existing(looked, reading);
  return {
    isExternal: byOthers,
    files: new Map(there.map((path) => [nameOf(path, undefined, query, reading), path] as const)),
    absent: new Set([...looked.filter((path) => !there.includes(path)), ...startFileDirs(query)]),
    problem: answers.find(({ problem }) => problem !== undefined)?.problem ?? external.problem,
  };
}

/** gcc takes start objects from these directories before it starts the linker. */
const startFileDirs = ({ env, cwd }: NativeQuery): string[] =>
  (env['LIBRARY_PATH'] ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '')
    .map((dir) => resolve(cwd, dir));

/**
 * Go's own linker links a command whose only C is the standard library's, unless a flag says otherwise (cmd/link,
 * mustLinkExternal).
 */
const isExternal = ({ packages }: Closure, { go, env }: NativeQuery): boolean => {
  if (packages.some(({ native }) => native !== undefined && usesCompiler(native))) return true;
  const flags = parseGoFlags({ goFlags: env['GOFLAGS'], words: go.flags });
  return (
    (['race', 'msan', 'asan', 'linkshared'] as const).some((name) => isGoFlagOn(flags, name)) ||
    !['', 'exe', 'default'].includes(lastGoFlag(flags, 'buildmode') ?? '') ||
    toolFlagsOf(go, env, 'ldflags').some((value) => /linkmode[= ]external|-extld/.test(value))
  );
};

async function externalLink(
  natives: readonly (Pick<GraphPackage, 'dir'> & { readonly native: NativePart })[],
  linker: Linker,
  query: NativeQuery,
  reading: Reading,
): Promise<{ readonly looked: readonly string[]; readonly problem: string | undefined }> {
  const words: string[] = [];
  const files: string[] = [];
  let problem: string | undefined;
  for (const { native, dir } of natives) {
    const pkgConfig = await pkgConfigOf(native, dir, query, reading);
    const own = [...(native.flags['LDFLAGS'] ?? []), ...(pkgConfig?.ldflags ?? [])];
    // Go runs the linker in its own directory, so only absolute paths matter.
    const flags = readCFlags(own, dir);
    problem ??= flags.problem;
    files.push(...flags.files);
    words.push(...own);
  }
  const given = [...settingWords(query, 'CGO_LDFLAGS'), ...extldflagsOf(query)];
  const flags = readCFlags(given, query.cwd);
  problem ??= flags.problem;
  const asked = [...archFlags(query.go), ...sanitizersOf(query), ...searchWords([...words, ...given])];
  // In one build, cgo links a part with the compiler's defaults, and Go links the whole without PIE.
  const answers = await Promise.all(
    [[], ['-no-pie']].map((more) => linkerAnswer(linker, [...more, ...asked], query, reading)),
  );
  const isSilent = answers.every((answer) => answer === undefined);
  return {
    looked: [...files, ...flags.files, ...answers.flatMap((answer) => answer ?? [])],
    problem: problem ?? extldProblem(query) ?? (isSilent ? silence(linker) : undefined),
  };
}

/** Commands of one run mostly have the same flags. The existence of the linker's files is checked each time. */
function linkerAnswer(
  { compiler, programs }: Linker,
  words: readonly string[],
  query: NativeQuery,
  reading: Reading,
): Promise<LinkerAnswer> {
  const asking = askingOf(query, reading);
  const digests = [compiler.program, ...programs].map((path) => reading.index.digest(path));
  const place = words.every(isPlaceless) ? decidingOf(asking) : [query.env, query.cwd];
  const key = `linker ${JSON.stringify([2, compiler, digests, words, place])}`;
  const found =
    (reading.known.get(key) as Promise<LinkerAnswer> | undefined) ??
    Promise.resolve(keptAnswer(key, reading) ?? askAndKeep(key, askLinker(compiler, words, asking), reading));
  reading.known.set(key, found);
  return found;
}

/** Reports whether a word names no place. */
const isPlaceless = (word: string): boolean => /^-(?:[lm][^/]*|static|no-pie|pie)$/.test(word);

/** A linker searches depending on what it finds, so an answer is valid while all of these paths are unchanged. */
function keptAnswer(key: string, { memo, index }: Reading): LinkerAnswer {
  const kept = memo.get(key);
  if (kept === undefined) return undefined;
  const looked = JSON.parse(kept) as readonly (readonly [path: string, found: string])[];
  return looked.every(([path, found]) => foundAt(path, index) === found) ? looked.map(([path]) => path) : undefined;
}

async function askAndKeep(key: string, asked: Promise<LinkerAnswer>, { memo, index }: Reading): Promise<LinkerAnswer> {
  const answer = await asked;
  if (answer !== undefined) memo.set(key, JSON.stringify(answer.map((path) => [path, foundAt(path, index)])));
  return answer;
}

/** A directory has no digest, so only its presence counts. */
function foundAt(path: string, index: Reading['index']): string {
  const { kind } = index.look(path);
  return kind === 'file' ? index.digest(path) : kind;
}

/** The programs that link commands: a compiler, and the programs it starts. */
interface Linker {
  readonly compiler: Compiler;
  readonly programs: readonly string[];
}

type LinkerAnswer = readonly string[] | undefined;

const silence = ({ compiler: { command } }: Linker): string =>
  `${command.join(' ')} does not say which libraries it links`;

/** A program other than the compiler links, and slipway does not support its queries. */
const extldProblem = ({ go, env }: NativeQuery): string | undefined =>
  toolFlagsOf(go, env, 'ldflags').some((value) => /(?:^|\s)['"]?--?extld(?:=|\s)/.test(value))
    ? 'slipway cannot tell what the program of -extld reads'
    : undefined;

/** The words that affect where and what a linker searches. */
const searchWords = (words: readonly string[]): string[] =>
  words.filter(
    (word, at) =>
      /^-(?:[lLBT]|Wl,|Xlinker$|static|shared|pie|no-pie|fuse-ld|m)|^--sysroot/.test(word) ||
      /^-(?:[lLBT]|Xlinker|-sysroot)$/.test(words[at - 1] ?? ''),
  );

/** The value in `-ldflags='-extldflags "-static -Lx"'`. */
const extldflagsOf = ({ go, env }: NativeQuery): string[] =>
  toolFlagsOf(go, env, 'ldflags').flatMap((value) => {
    const words = splitQuoted(value);
    return words.flatMap((word, at) =>
      /^--?extldflags$/.test(word)
        ? splitQuoted(words[at + 1] ?? '')
        : /^--?extldflags=/.test(word)
          ? splitQuoted(word.replace(/^--?extldflags=/, ''))
          : [],
    );
  });

/** Flags that Go adds itself for `-asan` and `-msan`. */
const sanitizersOf = ({ go, env }: NativeQuery): string[] => {
  const flags = parseGoFlags({ goFlags: env['GOFLAGS'], words: go.flags });
  return [
    ...(isGoFlagOn(flags, 'asan') ? ['-fsanitize=address'] : []),
    ...(isGoFlagOn(flags, 'msan') ? ['-fsanitize=memory'] : []),
  ];
};
