import { type GoWork, splitQuoted } from '@slipway/model';
import type { Closure, GraphPackage, NativePart } from '../graph/port.ts';
import { type Compiler, askLinker } from './ask-compiler.ts';
import {
  type Reading,
  archFlags,
  ask,
  askingOf,
  compilersOf,
  existing,
  isCxx,
  nameOf,
  pkgConfigOf,
  settingWords,
  usesCompiler,
} from './asking.ts';
import { readCFlags } from './c-flags.ts';
import type { LinkInputs, NativeQuestion } from './port.ts';
import { thinMembers } from './thin-archive.ts';

export async function linking(
  closure: Closure,
  question: NativeQuestion,
  reading: Reading,
): Promise<LinkInputs | undefined> {
  const { go } = question;
  if (go.compiler === undefined || go.image !== undefined) return undefined;
  const natives = [...closure.packages, ...closure.library].flatMap((one) =>
    one.native !== undefined && usesCompiler(one.native) ? [{ ...one, native: one.native }] : [],
  );
  if (natives.length === 0) return undefined;
  const asking = askingOf(question, reading);
  const hasCxx = natives.some(({ native }) => native.sources.some(isCxx));
  const compilers = compilersOf(question, hasCxx);
  const answers = await Promise.all(compilers.map((each) => ask(each, [], asking, reading)));
  const programs = answers.flatMap((answer) => answer.programs);
  const byOthers = isExternal(closure, go);
  const external = byOthers
    ? await externalLink(natives, compilers.at(-1)!, question, reading)
    : { looked: [], problem: undefined };
  const looked = [...programs, ...external.looked.flatMap((path) => [path, ...thinMembers(path)])];
  const there = existing(looked, reading);
  return {
    isExternal: byOthers,
    files: new Map(there.map((path) => [nameOf(path, undefined, question, reading), path] as const)),
    absent: new Set(looked.filter((path) => !there.includes(path))),
    problem: answers.find(({ problem }) => problem !== undefined)?.problem ?? external.problem,
  };
}

/** Go's own linker does where the only C is the standard library's, unless it is told otherwise (cmd/link, mustLinkExternal). */
const isExternal = ({ packages }: Closure, go: GoWork): boolean =>
  packages.some(({ native }) => native !== undefined && usesCompiler(native)) ||
  go.flags.some((flag) =>
    /^--?(?:race|msan|asan|linkshared|buildmode=(?!exe$|default$))|linkmode[= ]external|-extld/.test(flag),
  );

async function externalLink(
  natives: readonly (Pick<GraphPackage, 'dir'> & { readonly native: NativePart })[],
  compiler: Compiler,
  question: NativeQuestion,
  reading: Reading,
): Promise<{ readonly looked: readonly string[]; readonly problem: string | undefined }> {
  const words: string[] = [];
  const files: string[] = [];
  let problem: string | undefined;
  for (const { native, dir } of natives) {
    const pkgConfig = await pkgConfigOf(native, dir, question, reading);
    const own = [...(native.flags['LDFLAGS'] ?? []), ...(pkgConfig?.ldflags ?? [])];
    // Go runs the linker in its own directory: only absolute places mean anything there.
    const flags = readCFlags(own, dir);
    problem ??= flags.problem;
    files.push(...flags.files);
    words.push(...own);
  }
  const given = [...settingWords(question, 'CGO_LDFLAGS'), ...extldflagsOf(question.go)];
  const flags = readCFlags(given, question.cwd);
  problem ??= flags.problem;
  const asked = [...archFlags(question.go), ...searchWords([...words, ...given])];
  // Of one build, cgo links a part as the compiler does by itself, and Go the whole without PIE.
  const kinds = [[], ['-no-pie']].map((kind) => askLinker(compiler, [...kind, ...asked], askingOf(question, reading)));
  const [attempts, withoutPie = []] = await Promise.all(kinds);
  return {
    looked: [...files, ...flags.files, ...(attempts ?? []), ...withoutPie],
    problem:
      problem ??
      (attempts === undefined ? `${compiler.command.join(' ')} does not say which libraries it links` : undefined),
  };
}

/** What decides where a linker looks, and what for. */
const searchWords = (words: readonly string[]): string[] =>
  words.filter(
    (word, at) =>
      /^-(?:[lLBT]|Wl,|Xlinker$|static|shared|pie|no-pie|fuse-ld|m)|^--sysroot/.test(word) ||
      /^-(?:[lLBT]|Xlinker|-sysroot)$/.test(words[at - 1] ?? ''),
  );

/** Of `-ldflags='-extldflags "-static -Lx"'`. */
const extldflagsOf = ({ flags }: GoWork): string[] =>
  flags
    .filter((flag) => /^--?ldflags=/.test(flag))
    .flatMap((flag) => {
      const words = splitQuoted(flag.replace(/^--?ldflags=(?:[^=\s'"-]*=)?/, ''));
      return words.flatMap((word, at) =>
        /^--?extldflags$/.test(word)
          ? splitQuoted(words[at + 1] ?? '')
          : /^--?extldflags=/.test(word)
            ? splitQuoted(word.replace(/^--?extldflags=/, ''))
            : [],
      );
    });
