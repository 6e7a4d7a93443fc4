import { openIncremental } from '../incremental.ts';
import type { Planned } from '../planned.ts';
import type { Asking } from '../services.ts';

export interface KnownCheck {
  readonly name: string;
  /** Of a stale one: it would run. */
  readonly is: 'fresh' | 'stale';
  readonly why: string;
}

/** What is known in this tree of the scripts of a plan, and why those run that do. Nothing is restored for that, or written. */
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
