import type { CommandRunner, OutputFiles } from '@slipway/adapters';
import type { ExecStep, GoPart, Outcome, Plan } from '@slipway/model';

/** What is known of one command of a Go step before Go is asked. */
export interface PartVerdict {
  readonly part: GoPart;
  readonly is: 'fresh' | 'restored' | 'stale';
  readonly why: string;
}

/** Decides what of a Go step need not be done, and remembers what was. */
export interface Freshness {
  /** Verdicts for all parts; what a store has is back in its place. */
  judge(step: ExecStep): Promise<readonly PartVerdict[]>;
  /** Does `work` while no other process of this machine makes these commands; what one made meanwhile is restored first. */
  exclusively<T>(
    step: ExecStep,
    stale: readonly PartVerdict[],
    work: (verdicts: readonly PartVerdict[]) => Promise<T>,
  ): Promise<T>;
  /** After Go made these parts: whether each has other bytes than before. */
  record(
    step: ExecStep,
    made: readonly GoPart[],
  ): Promise<readonly { readonly part: GoPart; readonly changed: boolean }[]>;
  /** After Go gave up: what it left of these parts is its own. */
  recordFailure(step: ExecStep, tried: readonly GoPart[]): void;
  /** Whether nobody else wrote to a published file since `recordPublished`. Relative to the root, or absolute. */
  isAsPublished(path: string): boolean;
  recordPublished(path: string): void;
}

/** What performers act with. */
export interface Performing {
  readonly plan: Plan;
  readonly runner: CommandRunner;
  readonly files: OutputFiles;
  readonly signal: AbortSignal;
  /** Without one every step runs. */
  readonly freshness?: Freshness | undefined;
}

/** How a step went, and what its program printed. */
export interface Performed {
  readonly outcome: Outcome;
  readonly output: string;
}
