import type { Places } from './run-place.ts';
import type { Environment } from './environment.ts';
import type { Failure } from './failure.ts';
import type { Profile } from './request.ts';
import type { Step } from './step.ts';

export type Flow = 'local' | 'containerized';

/** Said once, before the steps: a choice a user may not expect, or something left out. */
export interface PlanNote {
  readonly what: string;
  readonly why: string;
}

/** What will be done, in an order that satisfies every `needs`. Data only: it can be printed, saved and run elsewhere. */
export interface Plan {
  readonly version: 1;
  readonly flow: Flow;
  readonly targets: readonly string[];
  readonly profile: Profile;
  readonly root: string;
  /** The version that is stamped, for people; empty when there is none. */
  readonly gitVersion: string;
  /** Inherited variables every program sees that runs on this machine. */
  readonly environment: Environment;
  readonly places: Places;
  readonly steps: readonly Step[];
  readonly notes: readonly PlanNote[];
}

export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly failures: readonly Failure[] };
