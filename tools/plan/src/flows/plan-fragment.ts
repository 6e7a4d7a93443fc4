import type { Failure, PlanNote, Step } from '@slipway/model';

/** The steps of some goals, or why there are none. */
export interface PlanFragment {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

export const NO_STEPS: PlanFragment = { steps: [], failures: [], notes: [] };

export const joined = (...parts: readonly PlanFragment[]): PlanFragment => ({
  steps: parts.flatMap(({ steps }) => steps),
  failures: parts.flatMap(({ failures }) => failures),
  notes: parts.flatMap(({ notes }) => notes),
});
