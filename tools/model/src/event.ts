import type { Failure } from './failure.ts';
import type { GoProgress, GoSpan } from './go-progress.ts';
import type { Moved } from './meter.ts';
import type { Plan } from './plan.ts';
import type { StepId } from './step-base.ts';
import type { Step } from './step.ts';
import type { PackageResult } from './testing.ts';

/** How a step ended. `why` is a sentence from the code that decided it. */
export interface Outcome {
  readonly is: 'ran' | 'fresh' | 'restored' | 'skipped' | 'failed';
  readonly why: string;
  /** The outcome of each action, if the actions of a step ended differently or for different reasons. */
  readonly parts?: readonly {
    readonly name: string;
    readonly is: 'ran' | 'fresh' | 'restored' | 'failed';
    readonly why: string;
    /** Why the action passed and will still run again. */
    readonly notKept?: string;
  }[];
}

/** Traffic with a shared cache so far. */
export interface CacheMoved {
  readonly url: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Records that wait to be written. */
  readonly unfinished: number;
  /** All steps have ended, and the run waits for the cache. */
  readonly isEnd: boolean;
}

/** Traffic with a shared cache in one run. */
export interface CacheTraffic {
  readonly url: string;
  readonly hits: number;
  readonly misses: number;
  readonly bytesRead: number;
  /** Records. */
  readonly written: number;
  readonly bytesWritten: number;
  /** Records that were not yet written when the run ended. */
  readonly unfinished: number;
  /** Milliseconds spent on requests that found nothing, and on pending writes at the end. */
  readonly waited: number;
  /** Why slipway stopped using the cache. */
  readonly trouble: string | undefined;
}

/** The work of a cluster for an action. */
export interface RemoteWork {
  /** The cluster had the result in its cache. */
  readonly cached: boolean;
  readonly worker: string | undefined;
  /**
   * How often slipway sent it: more than once if a server or worker was lost, or had lost an input; 0 if the result was
   * cached.
   */
  readonly attempts: number;
  /** Milliseconds as the server reports them, or 0: waiting for a worker, inputs, the program, outputs. */
  readonly times: {
    readonly queued: number;
    readonly fetched: number;
    readonly executed: number;
    readonly uploaded: number;
  };
  /** Bytes that this action alone sent and received. Files that another action transferred do not count. */
  readonly traffic: RemoteTraffic;
}

export interface RemoteTraffic {
  readonly bytesUp: number;
  readonly blobsUp: number;
  readonly bytesDown: number;
}

/** Why one command depends on a file that changed. */
export interface AffectedChain {
  /** Relative to the root if it is below the root. */
  readonly file: string;
  readonly command: string;
  readonly platform: string;
  /** Import paths, from the command to the package of the file. */
  readonly imports: readonly string[];
}

/** All events of a run. Times are milliseconds of a monotonic clock. */
export type Event =
  | { readonly kind: 'run-started'; readonly plan: Plan; readonly at: number }
  | { readonly kind: 'waiting'; readonly why: string; readonly at: number }
  | { readonly kind: 'step-started'; readonly step: Step; readonly at: number }
  /** A remark on a step that is running. */
  | { readonly kind: 'step-noted'; readonly step: Step; readonly note: string; readonly at: number }
  /** A step reads, writes, fetches or sends bytes. At most a few events a second. */
  | { readonly kind: 'bytes-moved'; readonly id: StepId; readonly moved: Moved; readonly at: number }
  /** At most a few events a second. */
  | { readonly kind: 'go-progressed'; readonly id: StepId; readonly progress: GoProgress; readonly at: number }
  /** The programs that Go ran in a call (Go 1.13 and newer), and the number of packages. */
  | {
      readonly kind: 'go-worked';
      readonly id: StepId;
      readonly spans: readonly GoSpan[];
      readonly kept: number;
      readonly at: number;
    }
  /** A cluster ran a step. Times are the cluster's milliseconds; sizes are bytes. */
  | ({
      readonly kind: 'remote-executed';
      readonly id: StepId;
      readonly at: number;
    } & RemoteWork)
  /** This machine's load for the run: cores in use since the last event, and bytes of memory. */
  | { readonly kind: 'machine-used'; readonly cores: number; readonly memory: number; readonly at: number }
  /** The package's tests are running. */
  | { readonly kind: 'package-testing'; readonly importPath: string; readonly at: number }
  /** Once for each package, whether its tests ran or its result was known. Repeated if slipway calls Go again. */
  | {
      readonly kind: 'package-tested';
      readonly result: PackageResult;
      readonly is: 'ran' | 'fresh' | 'restored';
      /** Directory of the package, and the directory in which Go was started, relative to the root. */
      readonly dir: string;
      readonly moduleDir: string;
      readonly at: number;
    }
  | {
      readonly kind: 'step-finished';
      readonly step: Step;
      readonly outcome: Outcome;
      /** The program's complete output, in order. */
      readonly output: string;
      readonly failure?: Failure;
      readonly milliseconds: number;
      readonly at: number;
    }
  | {
      readonly kind: 'run-finished';
      readonly ok: boolean;
      readonly interrupted: boolean;
      readonly milliseconds: number;
      readonly at: number;
    }
  /** Traffic with a shared cache while it happens. At most a few events a second. */
  | ({ readonly kind: 'cache-moved'; readonly at: number } & CacheMoved)
  | { readonly kind: 'cache-shared'; readonly traffic: CacheTraffic; readonly at: number }
  /** Only if the user asked for a report. */
  | {
      readonly kind: 'affected';
      readonly chains: readonly AffectedChain[];
      /** The number of changed files if there are too many for chains; else 0. */
      readonly untold: number;
      readonly at: number;
    };

/** With `--json`, the last line of a failed run. */
export interface RunFailed {
  readonly kind: 'failed';
  readonly failures: readonly { readonly code: Failure['code']; readonly message: string; readonly hint: string }[];
}

export type EventKind = Event['kind'];
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;
export type EmitEvent = (event: Event) => void;
