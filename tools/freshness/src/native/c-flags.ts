import { isAbsolute, resolve } from 'node:path';

/** Places and files in flags of a C compiler or linker; all absolute. */
export interface CFlags {
  /** In search order: `-iquote`, `-I`, `-isystem`. Those of `-idirafter` follow the compiler's own. */
  readonly quoteDirs: readonly string[];
  readonly dirs: readonly string[];
  readonly systemDirs: readonly string[];
  readonly afterDirs: readonly string[];
  /** Files included before the first line, as written: `-include`, `-imacros`. They are searched like `"name"`. */
  readonly included: readonly string[];
  /** Files that are read directly: objects, archives, linker scripts, specs. */
  readonly files: readonly string[];
  /** `-DNAME="file.h"`: the texts of macros. */
  readonly macros: readonly (readonly [name: string, value: string])[];
  /** The first flag whose reads cannot be listed. */
  readonly problem: string | undefined;
}

type Kind = 'quoteDirs' | 'dirs' | 'systemDirs' | 'afterDirs' | 'included' | 'files' | 'macros' | 'ignored';

/**
 * Flags with a value, in the next word or joined (`-Idir`). https://gcc.gnu.org/onlinedocs/gcc/Option-Index.html
 * `ignored` flags name no file that slipway must list: for libraries, slipway asks the linker itself.
 */
const VALUED: readonly { readonly flag: string; readonly kind: Kind; readonly joined: boolean }[] = [
  { flag: '-iquote', kind: 'quoteDirs', joined: true },
  { flag: '-isystem', kind: 'systemDirs', joined: true },
  { flag: '-idirafter', kind: 'afterDirs', joined: true },
  { flag: '-include', kind: 'included', joined: true },
  { flag: '-imacros', kind: 'included', joined: true },
  { flag: '-I', kind: 'dirs', joined: true },
  { flag: '-D', kind: 'macros', joined: true },
  { flag: '-Ttext', kind: 'ignored', joined: true },
  { flag: '-Tdata', kind: 'ignored', joined: true },
  { flag: '-Tbss', kind: 'ignored', joined: true },
  { flag: '-T', kind: 'files', joined: true },
  ...['-U', '-L', '-l', '-F', '-x'].map((flag) => ({ flag, kind: 'ignored', joined: true }) as const),
  ...['-u', '-z', '-framework', '-weak_framework', '-target', '-arch'].map(
    (flag) => ({ flag, kind: 'ignored', joined: false }) as const,
  ),
];

/** Flags whose reads cannot be listed, or that take them from elsewhere. */
const UNKNOWABLE: readonly { readonly flag: RegExp; readonly why: string }[] = [
  { flag: /^@/, why: 'more flags stand in a file' },
  { flag: /^-B/, why: 'other programs than the compiler says run' },
  { flag: /^-wrapper/, why: 'a program runs around the others' },
  { flag: /^-?-specs/, why: 'a file says how the compiler works' },
  { flag: /^-f(?:plugin|pass-plugin)/, why: 'foreign code runs in the compiler' },
  {
    flag: /^-f(?:profile-use|profile-instr-use|profile-sample-use|auto-profile)/,
    why: 'a profile is looked for by name',
  },
  { flag: /^-fsanitize-(?:ignore|black)list/, why: 'a file says what is left out' },
  { flag: /^-f(?:modules|module-)/, why: 'modules are kept in a cache of the compiler' },
  { flag: /^-i(?:prefix|withprefix|vfsoverlay|multilib)/, why: 'names of directories are made of others' },
  { flag: /^--include/, why: 'an old spelling of -I and -include' },
  { flag: /^-m(?:arch|tune|cpu)=native$/, why: 'the code is for the processor of this machine' },
  { flag: /^-Wp,/, why: 'flags are handed to the preprocessor alone' },
  { flag: /^-Wa,.*(?:@|\/|-I)/, why: 'the assembler is given places' },
  { flag: /^-X(?:preprocessor|assembler)$/, why: 'flags are handed to a program alone' },
];

/** Flags that read nothing, or only what the compiler reports, although they may contain a path or an equals sign. */
const HARMLESS: readonly { readonly flag: RegExp; readonly why: string }[] = [
  { flag: /^-[fgOm]/, why: 'how code is made; what reads a file stands above' },
  { flag: /^-W/, why: 'warnings' },
  { flag: /^-(?:std|ansi|pedantic|trigraphs)/, why: 'the language' },
  { flag: /^-(?:-?target|-?sysroot|isysroot|no-|nostd|stdlib)/, why: 'the compiler is asked with it where it looks' },
  {
    flag: /^-(?:static|shared|pie|rdynamic|pthread|rtlib|unwindlib|nodefaultlibs|nostartfiles)/,
    why: 'what is linked: the linker is asked',
  },
  { flag: /^-(?:M[DPMG]?|[PwvscES]|pipe|print-|dumpspecs|Qunused)/, why: 'what is printed or kept' },
];

type Places = Record<Exclude<Kind, 'ignored' | 'macros'>, string[]>;

/** Reads words as a compiler with working directory `cwd` does. */
export function readCFlags(words: readonly string[], cwd: string): CFlags {
  const places: Places = { quoteDirs: [], dirs: [], systemDirs: [], afterDirs: [], included: [], files: [] };
  const macros: (readonly [string, string])[] = [];
  let problem: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith('-Wl,') || word === '-Xlinker') {
      const inner = readLinkerWords(word === '-Xlinker' ? [words[++at] ?? ''] : word.split(',').slice(1));
      places.files.push(...inner.files.map((file) => resolve(cwd, file)));
      problem ??= inner.problem;
      continue;
    }
    problem ??= problemOf(word);
    const row = VALUED.find(({ flag, joined }) => (joined ? word.startsWith(flag) : word === flag));
    if (row === undefined) {
      if (isFile(word)) places.files.push(resolve(cwd, word));
      continue;
    }
    const value = word === row.flag ? words[++at] : word.slice(row.flag.length);
    if (value === undefined || row.kind === 'ignored') continue;
    if (row.kind === 'included') places.included.push(value);
    else if (row.kind !== 'macros') places[row.kind].push(resolve(cwd, value));
    else if (value.includes('='))
      macros.push([value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]);
  }
  return { ...places, macros, problem };
}

const isFile = (word: string): boolean => word !== '' && !/^[-@]/.test(word);

/** An unknown flag may read a file if it contains something like a path. */
function problemOf(word: string): string | undefined {
  const row = UNKNOWABLE.find(({ flag }) => flag.test(word));
  if (row !== undefined) return `slipway cannot tell which files ${word} reads: ${row.why}`;
  if (isFile(word)) return undefined;
  const isKnown =
    VALUED.some(({ flag, joined }) => (joined ? word.startsWith(flag) : word === flag)) ||
    HARMLESS.some(({ flag }) => flag.test(word));
  return isKnown || !/[/\\=,]/.test(word) ? undefined : `slipway cannot tell which files ${word} reads`;
}

/** Flags of GNU ld, gold and lld whose value is a file. https://sourceware.org/binutils/docs/ld/Options.html */
const LINKER_FILES =
  /^--?(T|script|default-script|dT|version-script|dynamic-list|retain-symbols-file|just-symbols|R|defsym-file|symbol-ordering-file|section-ordering-file)(?:=(.*))?$/;

/** Words of `-Wl,…`. Slipway asks the linker for libraries. */
function readLinkerWords(words: readonly string[]): { readonly files: string[]; readonly problem: string | undefined } {
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const [, name, value] = LINKER_FILES.exec(word) ?? [];
    if (name !== undefined) files.push(value ?? words[++at] ?? '');
    else if (word.startsWith('@') || /^--?plugin(?:=|$)/.test(word))
      return { files, problem: `slipway cannot tell which files -Wl,${word} reads` };
    else if (!word.startsWith('-') && isAbsolute(word) && /\.(?:[ao]|so(?:\.[\d.]+)?|ld|lds|map|dylib|lib)$/.test(word))
      files.push(word);
  }
  return { files: files.filter((file) => file !== ''), problem: undefined };
}
