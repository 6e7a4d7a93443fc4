import type { Platform } from './platform.ts';

/** The clauses of a Go file that Go reads before it compiles the file. */
export interface GoClause {
  readonly file: string;
  /** The name in the package clause. */
  readonly name: string;
  /** The expression of the `//go:build` line. Older `// +build` lines are converted to one expression. */
  readonly constraint?: string;
  /** The file declares the function main. */
  readonly main?: true;
}

/** The build in question. */
export interface Building {
  /** Undefined: any platform. */
  readonly platform: Platform | undefined;
  /** The tags that are set: by `-tags`, and by flags such as -race. */
  readonly tags: readonly string[];
}

const systems =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  );
const notUnix = ['js', 'nacl', 'plan9', 'wasip1', 'windows', 'zos'];
const processors =
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  );
/** Reports whether Go has names for this system and processor. Only a Go toolchain knows which pairs it supports. */
export function isGoPlatform(platform: Platform): boolean {
  const [os = '', arch = ''] = platform.split('/');
  return systems.includes(os) && processors.includes(arch);
}

/** Systems that also match another system's name. */
const alsoNamed: Readonly<Record<string, string>> = { android: 'linux', illumos: 'solaris', ios: 'darwin' };

/** Undefined: the platform or cgo decides. */
type Truth = boolean | undefined;

const not = (one: Truth): Truth => (one === undefined ? undefined : !one);
const and = (one: Truth, other: Truth): Truth =>
  one === false || other === false ? false : one === undefined || other === undefined ? undefined : true;
const or = (one: Truth, other: Truth): Truth => not(and(not(one), not(other)));

/**
 * Reports whether at least one build takes the file, by its name and its constraint, as go/build decides it. A file
 * that Go cannot parse counts as taken.
 */
export const mayTake = (clause: GoClause, building: Building): boolean =>
  and(nameHolds(clause.file, building), expressionHolds(clause.constraint, building)) !== false;

/** Reports whether every build takes the file. */
export const isUnconstrained = (clause: GoClause): boolean =>
  clause.constraint === undefined && nameHolds(clause.file, { platform: undefined, tags: [] }) === true;

/**
 * The content of a directory for one build: a command, a package main without `func main`, a library, several packages, or
 * nothing. The rules are those of go/build. The linker's own requirements are checked elsewhere.
 */
export function packageIn(clauses: readonly GoClause[], building: Building): PackageIn {
  const taken = clauses.filter((clause) => mayTake(clause, building));
  const names = new Set(taken.map(({ name }) => name));
  if (names.size !== 1) return names.size === 0 ? 'none' : 'mixed';
  if (!names.has('main')) return 'library';
  return taken.some(({ main }) => main) ? 'command' : 'no func main';
}

export type PackageIn = 'command' | 'no func main' | 'library' | 'mixed' | 'none';

/** `x_linux.go`, `x_arm64.go`, `x_linux_arm64.go`. The part before the first underscore is ignored. */
function nameHolds(file: string, building: Building): Truth {
  const parts = file
    .replace(/\..*$/s, '')
    .replace(/_test$/, '')
    .split('_')
    .slice(1);
  const last = parts.at(-1) ?? '';
  if (processors.includes(last)) {
    const before = parts.at(-2) ?? '';
    return and(tagHolds(last, building), systems.includes(before) ? tagHolds(before, building) : true);
  }
  return systems.includes(last) ? tagHolds(last, building) : true;
}

function tagHolds(tag: string, { platform, tags }: Building): Truth {
  if (tags.includes(tag)) return true;
  if (tag === 'cgo') return undefined;
  if (tag === 'gc' || /^go1(\.\d+)?$/.test(tag)) return true;
  if (tag !== 'unix' && !systems.includes(tag) && !processors.includes(tag)) return false;
  const [os, arch] = platform?.split('/') ?? [];
  if (os === undefined) return undefined;
  if (tag === 'unix') return !notUnix.includes(os);
  return tag === os || tag === arch || tag === alsoNamed[os];
}

function expressionHolds(text: string | undefined, building: Building): Truth {
  if (text === undefined) return true;
  const tokens = text.match(/&&|\|\||[!()]|[^\s&|!()]+/g) ?? [];
  const next = (token: string): boolean => tokens[0] === token && tokens.shift() !== undefined;
  const either = (): Truth => {
    let value = both();
    while (next('||')) value = or(value, both());
    return value;
  };
  const both = (): Truth => {
    let value = one();
    while (next('&&')) value = and(value, one());
    return value;
  };
  const one = (): Truth => {
    if (next('!')) return not(one());
    if (!next('(')) return tagHolds(tokens.shift() ?? '', building);
    const value = either();
    next(')');
    return value;
  };
  const value = either();
  return tokens.length > 0 ? true : value;
}
