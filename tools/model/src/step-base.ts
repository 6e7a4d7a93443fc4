import type { Action } from './action.ts';

export type StepId = string & { readonly brand: 'StepId' };

/** A pool limits how many steps run together. The machine decides its size. */
export type Pool = 'go' | 'io';

export interface StepBase {
  readonly id: StepId;
  /** Shown to users: `kubectl, kubeadm and 9 more for linux/amd64 (static)`. */
  readonly title: string;
  /** Steps that must succeed first. */
  readonly needs: readonly StepId[];
  /** Steps that must first end, even with a failure, or have only links left. Together they would do the same work twice. */
  readonly after: readonly StepId[];
  /** Files that this step writes, relative to the root. A release contains no other files. */
  readonly outputs: readonly string[];
  readonly pool: Pool;
  /** The parts that are cached and reported. A step without actions always runs. */
  readonly actions?: readonly Action[];
}
