import type { Action, ActionResult, Observed, Unobserved } from './action.ts';
import type { FailureError } from './failure.ts';
import type { Step } from './step.ts';

/** The state of an action before a run. */
export interface Status {
  readonly action: Action;
  /** Stale: the action has to run. */
  readonly is: 'fresh' | 'restored' | 'stale';
  readonly why: string;
  /** The known result of an action that has one. */
  readonly result?: ActionResult | undefined;
}

/** The result of one call of a program. */
export interface Ran {
  /** The complete output, in order. */
  readonly output: string;
  /** Actions that succeeded, even if others failed. Without a failure: all of them. */
  readonly passed: readonly Action[];
  readonly failure?: FailureError | undefined;
  /** The name of the machine, if it is not this one. */
  readonly by?: string | undefined;
  /** Results of the actions that have one. */
  readonly results?: ReadonlyMap<Action, ActionResult> | undefined;
  /** The inputs of each action with observed inputs. Slipway keeps nothing of an action that is missing here. */
  readonly observed?: ReadonlyMap<Action, Observed | Unobserved> | undefined;
}

/** Receives each line of standard error as it arrives. Lines for which it returns true are left out of the output. */
export type TakeLine = (line: string) => boolean;

/** Runs these actions in one call. `flags` follow the subcommand of Go. Throws when the run is stopped. */
export type RunActions = (actions: readonly Action[], flags: readonly string[], take?: TakeLine) => Promise<Ran>;

export interface ActionOutcome {
  readonly action: Action;
  readonly is: 'ran' | 'fresh' | 'restored' | 'failed';
  readonly why: string;
  readonly result?: ActionResult | undefined;
  /** Why slipway keeps no record of an action that passed. It will run again. */
  readonly notKept?: string | undefined;
}

export interface Made {
  readonly output: string;
  readonly actions: readonly ActionOutcome[];
  readonly failure?: FailureError | undefined;
}

/** The state of a published file: it equals its source, it has other content, or it was changed since. */
export interface Published {
  readonly is: 'same' | 'other' | 'doubtful';
  /** The file may be a hard link to its source, because only the next Go build writes the source. */
  readonly mayShare: boolean;
}

/** A file that actions read, with the digest in their keys. */
export interface ReadFile {
  /** Absolute, on this machine. */
  readonly path: string;
  /** sha256, hex. */
  readonly digest: string;
  readonly size: number;
}

/** All files that actions read in the tree and in modules. With them and Go, another machine gets the same results. */
export interface ReadFiles {
  readonly files: readonly ReadFile[];
  /** Directories where Go looks for modules whose packages it does not need; absolute. */
  readonly directories: readonly string[];
  /** Directory of the modules outside the tree; undefined without such modules. */
  readonly moduleCache: string | undefined;
  /** Programs of Go, by path in its distribution: `bin/go`. */
  readonly toolchain: readonly { readonly name: string; readonly digest: string }[];
  /** Why the list is incomplete. */
  readonly problem: string | undefined;
}

/** Decides which actions can be skipped, and records the results. The freshness package implements it. */
export interface Freshness {
  /** The state of all actions of a step, in order. Outputs from the store are restored. */
  lookup(step: Step): Promise<readonly Status[]>;
  /**
   * Runs the stale actions. No other process on this machine runs one of them at the same time, in any tree. Results
   * that another process stored meanwhile are restored. Records what passed, unless its inputs changed during the run.
   * It calls `onlyLinksLeft` if it sees that Go has nothing left to compile.
   */
  make(step: Step, statuses: readonly Status[], run: RunActions, onlyLinksLeft?: () => void): Promise<Made>;
  /** sha256, hex, of an input file, as its key has it; undefined if the file could not be read. */
  digest(path: string): string | undefined;
  /** The files of actions that were looked up. Unchanged files are not read again. */
  read(actions: readonly Action[]): ReadFiles;
  published(from: string, to: string): Published;
  recordPublished(from: string, to: string): Promise<void>;
}
