import { isAbsolute, resolve } from 'node:path';

/** What flags of a C compiler or linker say of places and files; all absolute. */
export interface CFlags {
  /** In the order they are searched: `-iquote`, `-I`, `-isystem`; those of `-idirafter` come behind the compiler's own. */
  readonly quoteDirs: readonly string[];
  readonly dirs: readonly string[];
  readonly systemDirs: readonly string[];
  readonly afterDirs: readonly string[];
  /** Files that are included before the first line: `-include`, `-imacros`. */
  readonly included: readonly string[];
  /** Files that are read as they are: objects, archives, linker scripts, specs. */
  readonly files: readonly string[];
  /** `-DNAME="file.h"`: the texts of macros. */
  readonly macros: readonly (readonly [name: string, value: string])[];
  /** The first flag that reads what nobody can name. */
  readonly problem: string | undefined;
}

type Kind = 'quoteDirs' | 'dirs' | 'systemDirs' | 'afterDirs' | 'included' | 'files' | 'macros' | 'ignored';

/**
 * Flags with a value, joined to it (`-Idir`) or in the next word. https://gcc.gnu.org/onlinedocs/gcc/Option-Index.html
 * What is `ignored` names no file that is read here: libraries are looked up by the linker itself, which is asked.
 */
const VALUED: readonly (readonly [flag: string, kind: Kind])[] = [
  ['-iquote', 'quoteDirs'],
  ['-isystem', 'systemDirs'],
  ['-idirafter', 'afterDirs'],
  ['-include', 'included'],
  ['-imacros', 'included'],
  ['-I', 'dirs'],
  ['-D', 'macros'],
  ['-U', 'ignored'],
  ['-L', 'ignored'],
  ['-l', 'ignored'],
  ['-F', 'ignored'],
  ['-framework', 'ignored'],
  ['-weak_framework', 'ignored'],
  ['-target', 'ignored'],
  ['-arch', 'ignored'],
  ['-x', 'ignored'],
  ['-u', 'ignored'],
  ['-z', 'ignored'],
  ['-T', 'files'],
];

/** Flags with a path behind an equals sign or a comma that reads nothing, or only what is asked of the compiler itself. */
const HARMLESS =
  /^-(?:[fg](?!plugin|profile-use|profile-instr-use|auto-profile|sanitize-(?:ignore|black)list|specs)|W(?![lap],)|O|m|std=|l|L|print-|dumpspecs|rdynamic|static|shared|pie|no-pie|nostd|nodefaultlibs|nostartfiles|pthread|pipe|v$|s$|c$|E$|S$|M[DPMG]?$|P$|w$|ansi$|pedantic|trigraphs|target=|arch|no-|unwindlib=|rtlib=|stdlib=|fuse-ld=|Qunused|mmacosx|isysroot|-sysroot)/;

/** Reads words as a compiler that runs in `cwd` would. */
export function readCFlags(words: readonly string[], cwd: string): CFlags {
  const found: Record<Exclude<Kind, 'ignored' | 'macros'>, string[]> = {
    ...{ quoteDirs: [], dirs: [], systemDirs: [], afterDirs: [], included: [], files: [] },
  };
  const macros: (readonly [string, string])[] = [];
  let problem: string | undefined;
  const add = (kind: Kind, value: string): void => {
    if (kind === 'macros') {
      const at = value.indexOf('=');
      if (at > 0) macros.push([value.slice(0, at), value.slice(at + 1)]);
    } else if (kind !== 'ignored') found[kind].push(resolve(cwd, value));
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const row = VALUED.find(([flag]) => word.startsWith(flag) && !(flag === '-T' && /^-T(?:text|data|bss)/.test(word)));
    if (word.startsWith('-Wl,') || word === '-Xlinker') {
      const rest = word === '-Xlinker' ? [words[++at] ?? ''] : word.split(',').slice(1);
      const inner = readLinkerWords(rest);
      for (const file of inner.files) add('files', file);
      problem ??= inner.problem;
    } else if (row !== undefined && (row[1] !== 'ignored' || row[0] === word || /^-[ULlFuzxT]/.test(word))) {
      const [flag, kind] = row;
      const value = word === flag ? words[++at] : word.slice(flag.length);
      if (value !== undefined) add(kind, value);
    } else if (!word.startsWith('-') && !word.startsWith('@') && word !== '') add('files', word);
    else if (!HARMLESS.test(word) && readsFiles(word)) problem ??= `nobody can tell which files ${word} reads`;
  }
  return { ...found, macros, problem };
}

/** A flag nobody knows reads files when it holds a path, or when its name says so. */
const readsFiles = (word: string): boolean =>
  /^-W[ap],/.test(word) ? /@|\/|,-I/.test(word) : /^@|[/\\=,]|^-(?:B|fplugin|specs)/.test(word);

/** Words of `-Wl,…`; libraries are asked of the linker. */
function readLinkerWords(words: readonly string[]): { readonly files: string[]; readonly problem: string | undefined } {
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [, name, value] =
      /^--?(T|script|version-script|dynamic-list|retain-symbols-file|just-symbols|R)(?:=(.*))?$/.exec(word) ?? [];
    if (name !== undefined) files.push(value ?? words[++at] ?? '');
    else if (word.startsWith('@') || /^--?plugin(?:=|$)/.test(word))
      return { files, problem: `nobody can tell which files -Wl,${word} reads` };
    else if (!word.startsWith('-') && isAbsolute(word) && /\.(?:[ao]|so(?:\.[\d.]+)?|ld|lds|map|dylib|lib)$/.test(word))
      files.push(word);
  }
  return { files: files.filter((file) => file !== ''), problem: undefined };
}
