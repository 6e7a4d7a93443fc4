import type { Failure, PlanNote, Step } from '@slipway/model';

/** The steps of some goals, or why there are none. */
export interface PlanFragment {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

export const NO_STEPS: PlanFragment = { steps: [], failures: [], notes: [] };

/** Steps that several parts have stand in it once, and so does what stands against them. */
export const joined = (...parts: readonly PlanFragment[]): PlanFragment => ({
  steps: [...new Map(parts.flatMap(({ steps }) => steps).map((step) => [step.id, step])).values()],
  failures: [
    ...new Map(parts.flatMap(({ failures }) => failures).map((each) => [JSON.stringify(each), each])).values(),
  ],
  notes: parts.flatMap(({ notes }) => notes),
});
