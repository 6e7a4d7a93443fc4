import type { Facts, Plan } from '@slipway/model';
import type { OutputNames } from '@slipway/plan';

/** A plan and its inputs. */
export interface Planned {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly names: OutputNames;
}
