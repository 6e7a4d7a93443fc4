import type { CommandRunner, OutputFiles } from '@slipway/adapters';
import type { Freshness, Outcome, Plan } from '@slipway/model';

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
