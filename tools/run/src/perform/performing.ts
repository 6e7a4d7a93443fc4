import type { ArchiveWriter, BillWriter, CommandRunner, ImageWriter, OutputFiles, Registry } from '@slipway/adapters';
import type { Freshness, Outcome, Plan } from '@slipway/model';

/** What performers act with. */
export interface Performing {
  readonly plan: Plan;
  readonly runner: CommandRunner;
  readonly files: OutputFiles;
  readonly archives: ArchiveWriter;
  readonly images: ImageWriter;
  readonly bills: BillWriter;
  readonly registry: Registry;
  readonly signal: AbortSignal;
  /** Without one every step runs. */
  readonly freshness?: Freshness | undefined;
}

/** How a step went, and what its program printed. */
export interface Performed {
  readonly outcome: Outcome;
  readonly output: string;
}
