import { posix } from 'node:path';
import {
  type Command,
  type Environment,
  type GoFlag,
  type PlanNote,
  goTagsOf,
  lastGoFlag,
  parsePlatform,
} from '@slipway/model';
import type { ConfigTarget } from '@slipway/catalog';
import { resolveWord, type WordRoot } from '../resolve-words.ts';
import { type GoBuild, linkerWords } from './builds.ts';

/** A command in the tree's own calls of Go. */
export interface AskedCommand {
  readonly target: string;
  readonly name: string;
  /** The value of CGO_ENABLED. */
  readonly cgo: string | undefined;
  readonly tags: readonly string[];
  readonly ldflags: string;
  /** `linux/arm`, if calls name several platforms. */
  readonly platforms: readonly string[];
  /** Variables that change what Go compiles: `GOAMD64`. */
  readonly env: Environment;
  /** `NAME=value` of such variables with other values in other calls. */
  readonly otherValues: readonly string[];
}

/** Directories whose commands only maintain the tree, even if a goal builds them. */
const upkeep = ['hack', 'third_party', 'tools', 'vendor'];
const isForUpkeep = (target: string): boolean => target.split('/').some((part) => upkeep.includes(part));

/** Each command once, with the settings of its first call and the platforms of all calls. */
export function askedCommands(tree: WordRoot, builds: readonly GoBuild[]): AskedCommand[] {
  const commands = new Map<string, AskedCommand>();
  for (const build of builds)
    for (const { command, name } of madeBy(tree, build)) {
      const platform = platformOf(build);
      const known = commands.get(command.target);
      const platforms = [...new Set([...(known?.platforms ?? []), ...(platform === undefined ? [] : [platform])])];
      const first = known ?? asked(build, command, name);
      const settings = settingsOf(build);
      const others = Object.entries(settings).filter(([key, value]) => (first.env[key] ?? value) !== value);
      commands.set(command.target, {
        ...{ ...first, platforms, env: { ...settings, ...first.env } },
        otherValues: [...first.otherValues, ...others.map(([key, value]) => `${key}=${value}`)],
      });
    }
  return [...commands.values()];
}

function asked(build: GoBuild, { target }: Command, name: string): AskedCommand {
  const { rest } = linkerWords(build.flags);
  const cgo = build.env['CGO_ENABLED'];
  return {
    target,
    name,
    cgo,
    tags: goTagsOf(build.flags),
    ldflags: ownLinkerFlags(rest, cgo),
    platforms: [],
    env: {},
    otherValues: [],
  };
}

/** Linker flags that change more than symbols. Without cgo nothing needs static linking. */
const ownLinkerFlags = (words: readonly string[], cgo: string | undefined): string => {
  const kept = words.filter((word, at) => {
    if (['-s', '-w', '--s', '--w'].includes(word)) return false;
    const isExternal = (text: string | undefined): boolean => /^--?extldflags(?:=|$)/.test(text ?? '');
    return cgo !== '0' || !(isExternal(word) || isExternal(words[at - 1]));
  });
  return kept.map((word) => (/[\s'"]/.test(word) ? `'${word}'` : word)).join(' ');
};

/**
 * The commands that a call writes, with their names. Go discards the results of several packages without an output
 * directory.
 */
function madeBy(tree: WordRoot, build: GoBuild): { readonly command: Command; readonly name: string }[] {
  const words = build.packages.length === 0 ? ['.'] : build.packages;
  const places = [...new Set(words.map((word) => placeOf(build, word)))];
  const found = places.flatMap((place) => resolveWord(tree, place)).filter(({ kind }) => kind === 'main');
  const commands = found.filter(({ target }) => !isForUpkeep(target) && !target.startsWith('..'));
  const out = lastGoFlag(build.flags, 'o');
  const isPattern = places.length > 1 || places.some((place) => place.includes('...'));
  if (out === '/dev/null' || (isPattern && out === undefined && !build.installs)) return [];
  const isDirectory = out === undefined || isPattern || out.endsWith('/');
  return commands.map((command) => ({ command, name: isDirectory ? command.name : nameOf(out, build) }));
}

/** Relative to the root, or an import path. A file stands for its package. */
function placeOf({ dir }: GoBuild, word: string): string {
  const path = word.endsWith('.go') ? `./${posix.dirname(word)}` : word;
  return /^\.\.?(?:\/|$)/.test(path) ? posix.join(dir, path) : path;
}

/** The name without its platform: `controller-linux-amd64`. */
function nameOf(out: string, { env }: GoBuild): string {
  const name = posix.basename(out).replace(/\.exe$/, '');
  const { GOOS: os, GOARCH: arch } = env;
  const endings = [`${os}-${arch}`, `${os}_${arch}`, `${arch}`, `${os}`].filter(
    (ending) => !ending.includes('undefined'),
  );
  const ending = endings.find((each) => new RegExp(`[-_.]${each}$`).test(name));
  return ending === undefined ? name : name.slice(0, -ending.length - 1);
}

const platformOf = ({ env }: GoBuild): string | undefined =>
  parsePlatform(`${env['GOOS'] ?? ''}/${env['GOARCH'] ?? ''}`);

/** Flags for paths or verbosity, and flags that profiles set themselves. */
const withoutMeaning = [
  'C',
  'a',
  'o',
  'p',
  'v',
  'x',
  'i',
  'tags',
  'ldflags',
  'trimpath',
  'mod',
  'installsuffix',
  'buildvcs',
  'modcacherw',
  'work',
];

/** Variables that change what Go compiles, besides those of a platform. */
const meaning = ['GOAMD64', 'GOARM', 'GOARM64', 'GOEXPERIMENT', 'GOFIPS140'];

const settingsOf = ({ env }: GoBuild): Environment =>
  Object.fromEntries(meaning.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));

/** Flags of a call that slipway does not apply. */
export function unusedFlags(builds: readonly GoBuild[], commands: readonly AskedCommand[], from: string): PlanNote[] {
  const says = ({ name, value }: GoFlag): boolean =>
    !withoutMeaning.includes(name) && value !== '' && !/^(?:all=)?-trimpath=\S*$/.test(value);
  const words = builds.flatMap(({ flags }) => flags.filter(says).map(({ name, value }) => `-${name}=${value}`));
  const flags = builds.flatMap(({ env }) => (env['GOFLAGS'] ? [`GOFLAGS=${env['GOFLAGS']}`] : []));
  const variables = [...flags, ...commands.flatMap(({ otherValues }) => otherValues)];
  return [...new Set([...words, ...variables])].map((word) => ({
    what: word,
    why: `${from} gives it to Go, and slipway does not`,
  }));
}

export const targetOf = (command: AskedCommand, sharedTags: readonly string[]): ConfigTarget => {
  const { target, name, cgo, tags, ldflags, platforms, env } = command;
  const own = tags.filter((tag) => !sharedTags.includes(tag));
  return {
    path: target,
    name,
    ...(cgo === undefined ? {} : { static: cgo === '0' }),
    ...(own.length === 0 ? {} : { tags: own }),
    ...(ldflags === '' ? {} : { ldflags }),
    ...(platforms.length < 2 ? {} : { platforms }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
};

export const sharedTags = (commands: readonly AskedCommand[]): string[] =>
  (commands[0]?.tags ?? []).filter((tag) => commands.every(({ tags }) => tags.includes(tag)));
