import type { Action, ActionResult, Observed, Unobserved } from './action.ts';
import type { FailureError } from './failure.ts';
import type { Step } from './step.ts';

/** What is known of an action before it is run. */
export interface Status {
  readonly action: Action;
  /** Stale: it has to be run. */
  readonly is: 'fresh' | 'restored' | 'stale';
  readonly why: string;
  /** Of an action that has one, where it is known. */
  readonly result?: ActionResult | undefined;
}

/** What one call of a program came to. */
export interface Ran {
  /** What it printed, whole, in the order it came. */
  readonly output: string;
  /** Actions that ended well, what others did: all of them where there is no failure. */
  readonly passed: readonly Action[];
  readonly failure?: FailureError | undefined;
  /** Who ran it, where it was not this machine. */
  readonly by?: string | undefined;
  /** Of actions with a result. */
  readonly results?: ReadonlyMap<Action, ActionResult> | undefined;
  /** What each action with an observed input read; of one that is missing here nothing is kept. */
  readonly observed?: ReadonlyMap<Action, Observed | Unobserved> | undefined;
}

/** Gets each line that a program complains with, as it comes; what it takes is not among the output. */
export type TakeLine = (line: string) => boolean;

/** Runs these actions in one call. `flags` come after the subcommand of Go. Throws when the run is stopped. */
export type RunActions = (actions: readonly Action[], flags: readonly string[], take?: TakeLine) => Promise<Ran>;

export interface ActionOutcome {
  readonly action: Action;
  readonly is: 'ran' | 'fresh' | 'restored' | 'failed';
  readonly why: string;
  readonly result?: ActionResult | undefined;
  /** Why nothing is remembered of what passed: it will be run again. */
  readonly notKept?: string | undefined;
}

export interface Made {
  readonly output: string;
  readonly actions: readonly ActionOutcome[];
  readonly failure?: FailureError | undefined;
}

/** Of a published file: it holds what its source holds; or something else; or somebody wrote to it since. */
export interface Published {
  readonly is: 'same' | 'other' | 'doubtful';
  /** It may be one file with its source, as nothing writes to that before Go is asked for it again. */
  readonly mayShare: boolean;
}

/** A file that actions read, as their keys have it. */
export interface ReadFile {
  /** Absolute, on this machine. */
  readonly path: string;
  /** sha256, hex. */
  readonly digest: string;
  readonly size: number;
}

/** Everything that actions read of the tree and of modules: with it and Go they give the same elsewhere. */
export interface ReadFiles {
  readonly files: readonly ReadFile[];
  /** Where Go looks for a module whose packages it does not need; absolute. */
  readonly directories: readonly string[];
  /** Where the modules lie that are not in the tree; undefined where none are. */
  readonly moduleCache: string | undefined;
  /** Programs of Go, by their path in its distribution: `bin/go`. */
  readonly toolchain: readonly { readonly name: string; readonly digest: string }[];
  /** Why it is not all. */
  readonly problem: string | undefined;
}

/** Decides which actions need not be run, and remembers what they gave. A run asks it; the freshness package is it. */
export interface Freshness {
  /** Of all actions of a step, in their order; what the store has of them is back in its place. */
  lookup(step: Step): Promise<readonly Status[]>;
  /**
   * Has the stale actions run, while no other process of this machine runs one of them, in whatever tree; what another made
   * meanwhile is restored. Remembers what passed, apart from what changed while it was read.
   */
  make(step: Step, statuses: readonly Status[], run: RunActions): Promise<Made>;
  /** sha256, hex, of a file that an action reads, as its key has it; undefined where it could not be read. */
  digest(path: string): string | undefined;
  /** Of actions that were looked up. Nothing is read that did not change since it was read last. */
  read(actions: readonly Action[]): ReadFiles;
  published(from: string, to: string): Published;
  recordPublished(from: string, to: string): Promise<void>;
}
