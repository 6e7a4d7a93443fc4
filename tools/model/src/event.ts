import type { Failure } from './failure.ts';
import type { GoProgress, GoSpan } from './go-progress.ts';
import type { Moved } from './meter.ts';
import type { Plan } from './plan.ts';
import type { StepId } from './step-base.ts';
import type { Step } from './step.ts';
import type { PackageResult } from './testing.ts';

/** How a step ended. `why` is a sentence made where the decision was taken. */
export interface Outcome {
  readonly is: 'ran' | 'fresh' | 'restored' | 'skipped' | 'failed';
  readonly why: string;
  /** Of each action of a step, when they ended differently or for different reasons. */
  readonly parts?: readonly {
    readonly name: string;
    readonly is: 'ran' | 'fresh' | 'restored' | 'failed';
    readonly why: string;
    /** Why it passed and will be run again. */
    readonly notKept?: string;
  }[];
}

/** What went to and came from a shared cache until now. */
export interface CacheMoved {
  readonly url: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Records that wait to be written. */
  readonly unfinished: number;
  /** All steps have ended: it is waited for. */
  readonly isEnd: boolean;
}

/** What went to and came from a shared cache in one run. */
export interface CacheTraffic {
  readonly url: string;
  readonly hits: number;
  readonly misses: number;
  readonly bytesRead: number;
  /** Records. */
  readonly written: number;
  readonly bytesWritten: number;
  /** Records that were not written before the run ended. */
  readonly unfinished: number;
  /** Milliseconds in which somebody asked in vain, or waited at the end for what was being written. */
  readonly waited: number;
  /** Why it was left alone from then on. */
  readonly trouble: string | undefined;
}

/** What a cluster did for an action. */
export interface RemoteWork {
  /** It had done the same before. */
  readonly cached: boolean;
  readonly worker: string | undefined;
  /** How often it was sent: 1 unless a server or worker was lost, or had lost an input. 0: it was cached. */
  readonly attempts: number;
  /** Milliseconds as the server tells them, 0 where it does not: waiting for a worker, inputs, the program, outputs. */
  readonly times: {
    readonly queued: number;
    readonly fetched: number;
    readonly executed: number;
    readonly uploaded: number;
  };
  /** What this action alone sent and got; nothing where another one had done so. */
  readonly traffic: RemoteTraffic;
}

export interface RemoteTraffic {
  readonly bytesUp: number;
  readonly blobsUp: number;
  readonly bytesDown: number;
}

/** Why one command depends on a file that changed. */
export interface AffectedChain {
  /** Relative to the root where it is below. */
  readonly file: string;
  readonly command: string;
  readonly platform: string;
  /** Import paths, from the command to the package of the file. */
  readonly imports: readonly string[];
}

/** Everything a reporter can learn of a run. Times are milliseconds of a monotonic clock. */
export type Event =
  | { readonly kind: 'run-started'; readonly plan: Plan; readonly at: number }
  | { readonly kind: 'waiting'; readonly why: string; readonly at: number }
  | { readonly kind: 'step-started'; readonly step: Step; readonly at: number }
  /** What is worth to know of it while it runs. */
  | { readonly kind: 'step-noted'; readonly step: Step; readonly note: string; readonly at: number }
  /** A step reads, writes, fetches or sends so much; at most a few times a second. */
  | { readonly kind: 'bytes-moved'; readonly id: StepId; readonly moved: Moved; readonly at: number }
  /** At most a few times a second. */
  | { readonly kind: 'go-progressed'; readonly id: StepId; readonly progress: GoProgress; readonly at: number }
  /** What Go ran programs for in a call, where it tells (since Go 1.13), and how many packages it had. */
  | {
      readonly kind: 'go-worked';
      readonly id: StepId;
      readonly spans: readonly GoSpan[];
      readonly kept: number;
      readonly at: number;
    }
  /** A step was done by a cluster; milliseconds as that tells them, and bytes. */
  | ({
      readonly kind: 'remote-executed';
      readonly id: StepId;
      readonly at: number;
    } & RemoteWork)
  /** What this machine does for the run: cores at work since it was told last, and bytes of memory. */
  | { readonly kind: 'machine-used'; readonly cores: number; readonly memory: number; readonly at: number }
  /** Its tests run now. */
  | { readonly kind: 'package-testing'; readonly importPath: string; readonly at: number }
  /** Once for each package, whether it ran or was known; again where Go had to be asked again. */
  | {
      readonly kind: 'package-tested';
      readonly result: PackageResult;
      readonly is: 'ran' | 'fresh' | 'restored';
      /** Of the package, and where Go was started: relative to the root. */
      readonly dir: string;
      readonly moduleDir: string;
      readonly at: number;
    }
  | {
      readonly kind: 'step-finished';
      readonly step: Step;
      readonly outcome: Outcome;
      /** What the program printed, whole, in the order it came. */
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
  /** What goes to and comes from a shared cache, while it does; at most a few times a second. */
  | ({ readonly kind: 'cache-moved'; readonly at: number } & CacheMoved)
  | { readonly kind: 'cache-shared'; readonly traffic: CacheTraffic; readonly at: number }
  /** Only where a report is asked for. */
  | {
      readonly kind: 'affected';
      readonly chains: readonly AffectedChain[];
      /** Changed files, where they are too many for chains; else 0. */
      readonly untold: number;
      readonly at: number;
    };

/** With `--json` the last line of a run that failed. */
export interface RunFailed {
  readonly kind: 'failed';
  readonly failures: readonly { readonly code: Failure['code']; readonly message: string; readonly hint: string }[];
}

export type EventKind = Event['kind'];
export type EventOf<K extends EventKind> = Extract<Event, { kind: K }>;
export type EmitEvent = (event: Event) => void;
