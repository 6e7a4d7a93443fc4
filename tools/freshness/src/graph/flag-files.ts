import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Environment, type GoFlag, lastGoFlag, overlaidFiles, parseGoFlags, splitQuoted } from '@slipway/model';

/** Files that Go's flags name. They affect the result like sources. */
export interface FlagFiles {
  /** Absolute paths, by flag. */
  readonly files: ReadonlyMap<string, string>;
  /** Why the list is incomplete, if it is. */
  readonly problem: string | undefined;
}

interface Asked {
  /** Words after `go`. */
  readonly flags: readonly string[];
  /** The environment, including Go's own settings from its env file. */
  readonly env: Environment;
  readonly cwd: string;
}

/** Flags that run programs with unknown inputs. */
const UNKNOWABLE = ['toolexec', 'pkgdir', 'gccgoflags'] as const;

export function readFlagFiles({ flags, env, cwd }: Asked): FlagFiles {
  const given = parseGoFlags({ goFlags: env['GOFLAGS'], words: flags });
  const files = new Map<string, string>();
  const add = (name: string, path: string): void => void files.set(name, resolve(cwd, path));
  const modfile = lastGoFlag(given, 'modfile');
  if (modfile) {
    add('-modfile', modfile);
    add('-modfile, sums', modfile.replace(/\.mod$/, '.sum'));
  }
  const profile = lastGoFlag(given, 'pgo');
  if (profile && profile !== 'auto' && profile !== 'off') add('-pgo', profile);
  const overlay = lastGoFlag(given, 'overlay');
  if (overlay) {
    add('-overlay', overlay);
    for (const [from, to] of overlaidFiles(textOf(resolve(cwd, overlay)))) if (to !== '') add(`-overlay ${from}`, to);
  }
  for (const [name, path] of filesInToolFlags(given, cwd)) add(name, path);
  return { files, problem: problemOf(given) };
}

function problemOf(given: readonly GoFlag[]): string | undefined {
  const unknowable = UNKNOWABLE.find((name) => lastGoFlag(given, name));
  if (unknowable !== undefined) return `slipway cannot tell what -${unknowable} reads`;
  const compiler = lastGoFlag(given, 'compiler');
  if (compiler && compiler !== 'gc') return `slipway cannot tell what -compiler=${compiler} reads`;
  const linker = toolFlags(given).find(
    ({ flag, word }) => flag === 'ldflags' && /^--?(?:extld|extar)(?:=|$)/.test(word),
  );
  if (linker !== undefined) return `slipway cannot tell what ${linker.word} of -ldflags reads`;
  const response = toolFlags(given).find(({ word }) => word.startsWith('@'));
  return response === undefined ? undefined : `slipway cannot tell what ${response.word} of -${response.flag} reads`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The file does not exist; Go reports the error.
    return '';
  }
}

interface ToolWord {
  readonly flag: string;
  readonly word: string;
  /** The value of the preceding flag, or of this one. */
  readonly value: string;
}

/** Words for the compiler, assembler and linker, without package patterns. Values of `-X` are not paths. */
function toolFlags(given: readonly GoFlag[]): ToolWord[] {
  return given
    .filter(({ name }) => ['asmflags', 'gcflags', 'ldflags'].includes(name))
    .flatMap(({ name, value }) => {
      const words = splitQuoted(value.replace(/^[^\s'"=-][^\s'"=]*=/, ''));
      return words.flatMap((word, at) => {
        const isText = /^--?X(=|$)/.test(word) || /^--?X$/.test(words[at - 1] ?? '') || /^--?trimpath(=|$)/.test(word);
        return isText ? [] : [{ flag: name, word, value: word.replace(/^--?\w+=/, '') }];
      });
    });
}

/**
 * Every word that is the path of a file: a profile, a linker script, an archive. Directories are the assembler's search
 * path.
 */
function filesInToolFlags(given: readonly GoFlag[], cwd: string): [string, string][] {
  return toolFlags(given).flatMap(({ flag, value }) =>
    splitQuoted(value)
      .flatMap((word) => [word, ...word.split(/[,=]/), word.replace(/^-[A-Za-z]/, '')])
      .filter((word) => /[/.]/.test(word) && isFile(resolve(cwd, word)))
      .map((word): [string, string] => [`-${flag} ${word}`, word]),
  );
}

const isFile = (path: string): boolean =>
  existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
