import type { Failure, PlanNote, Step } from '@slipway/model';

/** The steps of some goals, or the failures that prevent them. */
export interface PlanFragment {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

export const NO_STEPS: PlanFragment = { steps: [], failures: [], notes: [] };

/** Joins parts. Steps and failures that several parts share appear once. */
export const joined = (...parts: readonly PlanFragment[]): PlanFragment => ({
  steps: [...new Map(parts.flatMap(({ steps }) => steps).map((step) => [step.id, step])).values()],
  failures: [
    ...new Map(parts.flatMap(({ failures }) => failures).map((each) => [JSON.stringify(each), each])).values(),
  ],
  notes: parts.flatMap(({ notes }) => notes),
});
