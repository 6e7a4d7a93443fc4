/** The form of a flag: `-race`, or `-tags=a` and `-tags a`. */
type Kind = 'boolean' | 'value';

/** The flag that makes Go write its action graph to a file (Go 1.13 and newer). */
export const ACTION_GRAPH = '-debug-actiongraph=';

/** Go's build flags since 1.12, as `go help build` lists them, and its debugging flags. */
export const goBuildFlags = {
  C: 'value',
  a: 'boolean',
  n: 'boolean',
  p: 'value',
  race: 'boolean',
  msan: 'boolean',
  asan: 'boolean',
  cover: 'boolean',
  covermode: 'value',
  coverpkg: 'value',
  v: 'boolean',
  work: 'boolean',
  x: 'boolean',
  asmflags: 'value',
  buildmode: 'value',
  buildvcs: 'boolean',
  compiler: 'value',
  gccgoflags: 'value',
  gcflags: 'value',
  i: 'boolean',
  installsuffix: 'value',
  json: 'boolean',
  ldflags: 'value',
  linkshared: 'boolean',
  mod: 'value',
  modcacherw: 'boolean',
  modfile: 'value',
  o: 'value',
  overlay: 'value',
  pgo: 'value',
  pkgdir: 'value',
  tags: 'value',
  trimpath: 'boolean',
  toolexec: 'value',
  'debug-actiongraph': 'value',
  'debug-runtime-trace': 'value',
  'debug-trace': 'value',
} as const satisfies Readonly<Record<string, Kind>>;

export type GoFlagName = keyof typeof goBuildFlags;

export interface GoFlag {
  /** Without dashes. */
  readonly name: string;
  /**
   * The value as Go reads it: `true` or `false` for a boolean, without the quotes of GOFLAGS; empty without a value.
   */
  readonly value: string;
  /** A build flag. GOFLAGS may hold flags of other commands; a build ignores them. */
  readonly known: boolean;
}

export interface GoFlagSource {
  /** The value of GOFLAGS. Go reads it first. */
  readonly goFlags?: string | undefined;
  /** Words of a command line. Words that are not flags are ignored. */
  readonly words?: readonly string[];
}

/** Flags in Go's order, normalized. For most flags the last one wins, see `lastGoFlag`. */
export function parseGoFlags({ goFlags = '', words = [] }: GoFlagSource): GoFlag[] {
  const given = splitQuoted(goFlags)
    .map((word) => readFlag(word))
    .filter((flag) => flag !== undefined);
  return [...given, ...splitGoFlags(words).flags];
}

/** Flags of a command line, and the words that are neither a flag nor the value of one. */
export interface SplitWords {
  readonly flags: readonly GoFlag[];
  readonly rest: readonly string[];
}

export function splitGoFlags(words: readonly string[]): SplitWords {
  const flags: GoFlag[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const flag = readFlag(words[at]!);
    if (flag === undefined) rest.push(words[at]!);
    else if (kindOf(flag.name) === 'value' && !words[at]!.includes('=')) {
      at += 1;
      flags.push({ ...flag, value: words[at] ?? '' });
    } else flags.push(flag);
  }
  return { flags, rest };
}

/** The effective value; undefined if the flag is not given. */
export const lastGoFlag = (flags: readonly GoFlag[], name: GoFlagName): string | undefined =>
  flags.findLast((flag) => flag.name === name)?.value;

/** Reports whether a boolean flag is given and not switched off. */
export const isGoFlagOn = (flags: readonly GoFlag[], name: GoFlagName): boolean => lastGoFlag(flags, name) === 'true';

/** The effective build tags: a list with commas, or in the older form with spaces and optional quotes. */
export function goTagsOf(flags: readonly GoFlag[]): string[] {
  const value = lastGoFlag(flags, 'tags') ?? '';
  return /[ ']/.test(value) ? splitQuoted(value) : value.split(',').filter((tag) => tag !== '');
}

/** One word for each flag, in the spelling that both GOFLAGS and a command line accept. */
export const formatGoFlag = ({ name, value, known }: GoFlag): string =>
  (kindOf(name) === 'boolean' && value === 'true') || (!known && value === '') ? `-${name}` : `-${name}=${value}`;

/**
 * Splits words as Go splits GOFLAGS, -ldflags and CC (cmd/internal/quoted). Quotes around a whole word group it; other
 * quotes are plain characters. A word with an unclosed quote is kept, and Go rejects it.
 */
export const splitQuoted = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|"([^"]*)"|(['"].*$|[^ \t\r\n'"][^ \t\r\n]*)/gs)].map(
    ([, single, double, plain]) => single ?? double ?? plain!,
  );

function readFlag(word: string): GoFlag | undefined {
  const found = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
  if (found === null) return undefined;
  const [, name = '', value] = found;
  const kind = kindOf(name);
  return { name, value: kind === 'boolean' ? booleanOf(value) : (value ?? ''), known: kind !== undefined };
}

const kindOf = (name: string): Kind | undefined =>
  Object.hasOwn(goBuildFlags, name) ? goBuildFlags[name as GoFlagName] : undefined;

/** Go's strconv.ParseBool. `auto` of -buildvcs and invalid values are kept. */
function booleanOf(value = 'true'): string {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return 'true';
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value) ? 'false' : value;
}

/**
 * The files that `-overlay` replaces, each with its replacement; empty for a removed file.
 * https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
export function overlaidFiles(text: string): [string, string][] {
  try {
    const { Replace: replaced = {} } = JSON.parse(text) as { Replace?: Record<string, string> };
    return Object.entries(replaced);
  } catch {
    // Go reports the error.
    return [];
  }
}
