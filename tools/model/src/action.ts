import type { Platform } from './platform.ts';

/**
 * The unit of caching and of reporting. An action is known or unknown, is restored or run, and has its own events. A
 * step runs one or several actions in one call of a program. Paths are relative to the root, or absolute.
 */
export interface Action {
  /** The tree's records use this id. */
  readonly id: string;
  /** Shown to users. */
  readonly name: string;
  /** The words that select this action in the step's program. They follow the words of the other actions. */
  readonly words: readonly string[];
  readonly inputs: readonly Input[];
  /**
   * All other settings that affect the result, by a readable name: `flags`, `compression`. They hold no paths, times or
   * user names.
   */
  readonly settings: Readonly<Record<string, string>>;
  /** Files that it writes. */
  readonly outputs: readonly string[];
  /** The action has a result beside its files: its exit status and its output. Tests and checks have one. */
  readonly hasResult: boolean;
  readonly cache: CachePolicy;
}

/** An input of an action. If another action of the plan writes the file, the path selects that action's output. */
export type Input = FilesInput | NamedInput | GoClosureInput | ObservedInput;

/**
 * The content and the executable bit count; times and owners do not. An absolute path makes the key valid on this
 * machine only.
 */
export interface FilesInput {
  readonly kind: 'files';
  readonly paths: readonly string[];
}

/** A file that has a name independent of its place: `go.mod`, `go/bin/go`. Its content counts. */
export interface NamedInput {
  readonly kind: 'named';
  readonly name: string;
  readonly path: string;
}

/** A package with all its imports, and the files that a C compiler, an assembler or a flag reads for it. */
export interface GoClosureInput {
  readonly kind: 'go-closure';
  readonly importPath: string;
  /** Use the package's test binary instead of the package. */
  readonly test: boolean;
  readonly build: GoBuild;
}

/**
 * Inputs that are known only after a run. Before the next run, slipway compares them with what the last run read. See
 * `Observed`.
 */
export interface ObservedInput {
  readonly kind: 'observed';
}

/** How Go is called for a closure: only the settings that decide what belongs to it. */
export interface GoBuild {
  readonly platform: Platform;
  readonly cgo: boolean;
  /** Absolute path of the C compiler. Undefined without cgo or without a compiler. */
  readonly compiler: string | undefined;
  /** Absolute path of the C++ compiler, under the same conditions. */
  readonly cxxCompiler: string | undefined;
  /** Subcommand and flags. */
  readonly flags: readonly string[];
  /** `1.21.7`. */
  readonly goVersion: string;
}

/**
 * Where the outputs of an action are kept. `shared`: in the store for all trees of the user, and in a shared cache.
 * `tree`: in place, because they are large or cheap to make again. `volatile`: nowhere, because some inputs cannot be
 * named.
 */
export interface CachePolicy {
  readonly is: 'shared' | 'tree' | 'volatile';
  readonly why: string;
}

/** The end of an action that has a result. */
export interface ActionResult {
  readonly exit: number;
  /** The output of the program. */
  readonly log: string;
  /** Further values: `coverage`. */
  readonly values: Readonly<Record<string, string>>;
}

/** Among the variables of a run: the run listed all variables. */
export const ALL_VARIABLES = '*';

/** The reads of a run. Paths are absolute. */
export interface Observed {
  /** Files whose content, type or absence affects the result. */
  readonly files: readonly string[];
  /** Directories whose list of names affects the result. */
  readonly listings: readonly string[];
  /** Environment variables. */
  readonly variables: readonly string[];
}

/** The reason why slipway does not know what a run read. Nothing of such a run is kept. */
export interface Unobserved {
  readonly unknown: string;
}

interface Acting {
  readonly actions?: readonly Action[];
}

export const closureInput = ({ inputs }: Action): GoClosureInput | undefined =>
  inputs.find((input) => input.kind === 'go-closure');

/** How Go is called for the closures of a step; undefined for a step without closures. */
export const goBuildOf = ({ actions = [] }: Acting): GoBuild | undefined =>
  actions.map(closureInput).find((input) => input !== undefined)?.build;

/** The files and named files that a step reads, without closures. */
export const inputPaths = ({ actions = [] }: Acting): string[] =>
  actions.flatMap(({ inputs }) =>
    inputs.flatMap((input) => (input.kind === 'files' ? input.paths : input.kind === 'named' ? [input.path] : [])),
  );
