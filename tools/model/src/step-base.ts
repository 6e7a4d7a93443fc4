import type { Action } from './action.ts';

export type StepId = string & { readonly brand: 'StepId' };

/** What limits how many steps run together; sizes come from the machine. */
export type Pool = 'go' | 'io';

export interface StepBase {
  readonly id: StepId;
  /** For people: `kubectl, kubeadm and 9 more for linux/amd64 (static)`. */
  readonly title: string;
  /** Steps that must have succeeded. */
  readonly needs: readonly StepId[];
  /** Steps that must have ended, however: they would do the same work twice if they ran together. */
  readonly after: readonly StepId[];
  /** Files this step makes, relative to the root; nothing else may be shipped. */
  readonly outputs: readonly string[];
  readonly pool: Pool;
  /** What it does that is cached and told of; without one it is done each time. */
  readonly actions?: readonly Action[];
}
