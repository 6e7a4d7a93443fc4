import { openIncremental } from '../incremental.ts';
import type { Planned } from '../planned.ts';
import type { Asking } from '../services.ts';

export interface KnownCheck {
  readonly name: string;
  /** Stale: it would run. */
  readonly is: 'fresh' | 'stale';
  readonly why: string;
}

/**
 * The known results of a plan's scripts in this tree, and the reasons why the others would run. It restores and writes
 * nothing.
 */
export async function knownChecks(planned: Planned, { line, services }: Asking): Promise<readonly KnownCheck[]> {
  const steps = planned.plan.steps.filter((step) => step.kind === 'exec' && step.check !== undefined);
  if (steps.length === 0) return [];
  const { check } = await openIncremental({ ...planned, looksOnly: true }, line, services);
  const statuses = await Promise.all(steps.map((step) => check.lookup(step)));
  return statuses.flat().map(({ action, is, why }) => ({
    ...{ name: action.name.replace(/^\w+ /, ''), why },
    is: is === 'fresh' ? 'fresh' : 'stale',
  }));
}
