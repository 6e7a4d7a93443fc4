import type { Platform } from './platform.ts';

/**
 * The unit of caching and of reporting: what is known or unknown, restored, made, and told of. A step runs one or several of them
 * in one call of a program. Paths are relative to the root, or absolute.
 */
export interface Action {
  /** By which it is remembered in its tree. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** What asks the program of the step for it: the last words of its call, after those of other actions. */
  readonly words: readonly string[];
  readonly inputs: readonly Input[];
  /** Everything else that decides what it gives, by a name for people: `flags`, `compression`. No places, no people, no times. */
  readonly settings: Readonly<Record<string, string>>;
  /** Files it makes. */
  readonly outputs: readonly string[];
  /** What it gives is how it ended and what it said, beside its files: a test, a check. */
  readonly hasResult: boolean;
  readonly cache: CachePolicy;
}

/** What an action reads. A file that another action of the plan makes is found among the outputs of that by its path. */
export type Input = FilesInput | NamedInput | GoClosureInput | ObservedInput;

/** Content counts and whether they may be executed, not times and owners. Absolute paths make a key that is good on this machine only. */
export interface FilesInput {
  readonly kind: 'files';
  readonly paths: readonly string[];
}

/** A file that has a name without a place: `go.mod`, `go/bin/go`. Its content counts. */
export interface NamedInput {
  readonly kind: 'named';
  readonly name: string;
  readonly path: string;
}

/** A package with all it imports, and what a C compiler, an assembler or a flag reads for it. */
export interface GoClosureInput {
  readonly kind: 'go-closure';
  readonly importPath: string;
  /** The test binary of the package instead of the package. */
  readonly test: boolean;
  readonly build: GoBuild;
}

/** What is known only once it ran: what it read then is looked at before it is run again. See `Observed`. */
export interface ObservedInput {
  readonly kind: 'observed';
}

/** How Go is called for a closure, as far as that decides what belongs to it. */
export interface GoBuild {
  readonly platform: Platform;
  readonly cgo: boolean;
  /** Absolute path of the C compiler, when cgo is on and one is there. */
  readonly compiler: string | undefined;
  /** The same of the C++ compiler. */
  readonly cxxCompiler: string | undefined;
  /** Subcommand and flags. */
  readonly flags: readonly string[];
  /** `1.21.7`. */
  readonly goVersion: string;
}

/**
 * What becomes of what an action gives. `shared`: kept for every tree of the user, and in a shared cache. `tree`: remembered where it
 * lies, as it is large or quickly made again. `volatile`: made each time, as not everything it depends on can be named.
 */
export interface CachePolicy {
  readonly is: 'shared' | 'tree' | 'volatile';
  readonly why: string;
}

/** How an action ended that has a result. */
export interface ActionResult {
  readonly exit: number;
  /** What it printed. */
  readonly log: string;
  /** What else is to be known of it: `coverage`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Among variables that were read: whichever there are. */
export const ALL_VARIABLES = '*';

/** What a run was seen to read. Paths are absolute. */
export interface Observed {
  /** Of which the content decides, or that nothing is there; of a directory that it is one. */
  readonly files: readonly string[];
  /** Directories of which the names in them decide. */
  readonly listings: readonly string[];
  /** Of the environment. */
  readonly variables: readonly string[];
}

/** Why what a run read is not known: then nothing of it is kept. */
export interface Unobserved {
  readonly unknown: string;
}

interface Acting {
  readonly actions?: readonly Action[];
}

export const closureInput = ({ inputs }: Action): GoClosureInput | undefined =>
  inputs.find((input) => input.kind === 'go-closure');

/** How Go is called for the closures of a step; undefined where it has none. */
export const goBuildOf = ({ actions = [] }: Acting): GoBuild | undefined =>
  actions.map(closureInput).find((input) => input !== undefined)?.build;

/** Files and named files that a step reads, closures apart. */
export const inputPaths = ({ actions = [] }: Acting): string[] =>
  actions.flatMap(({ inputs }) =>
    inputs.flatMap((input) => (input.kind === 'files' ? input.paths : input.kind === 'named' ? [input.path] : [])),
  );
