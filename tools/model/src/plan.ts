import type { Places } from './run-place.ts';
import type { Environment } from './environment.ts';
import type { Failure } from './failure.ts';
import type { Profile } from './request.ts';
import type { Step } from './step.ts';

export type Flow = 'local' | 'containerized';

/** A remark that is printed once, before the steps: an unexpected choice, or something left out. */
export interface PlanNote {
  readonly what: string;
  readonly why: string;
}

/**
 * The steps of a run, in an order that satisfies every `needs`. It is data only, so it can be printed, saved and run
 * elsewhere.
 */
export interface Plan {
  readonly version: 1;
  readonly flow: Flow;
  readonly targets: readonly string[];
  readonly profile: Profile;
  readonly root: string;
  /** The stamped version, for users; empty when there is none. */
  readonly gitVersion: string;
  /** Inherited variables of every program on this machine. */
  readonly environment: Environment;
  readonly places: Places;
  readonly steps: readonly Step[];
  readonly notes: readonly PlanNote[];
}

export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly failures: readonly Failure[] };
