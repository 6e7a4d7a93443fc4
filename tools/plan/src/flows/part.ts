import type { Failure, PlanNote, Step } from '@slipway/model';

/** The steps of some goals, or why there are none. */
export interface Part {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}
