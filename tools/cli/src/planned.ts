import type { Facts, Plan } from '@slipway/model';
import type { OutputNames } from '@slipway/plan';

/** A plan, and what it was made from. */
export interface Planned {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly names: OutputNames;
}
