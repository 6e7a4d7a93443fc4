import { type ExecStep, type Freshness, type Plan, type Status, type StepId } from '@slipway/model';
import type { Need } from './performing.ts';

/**
 * Reports whether a container is needed: not if all its work is fresh or in the store. The first caller decides it,
 * before the tree is sent, so that a later edit counts as later.
 */
export function findNeed(plan: Plan, freshness: Freshness | undefined): () => Promise<Need> {
  let found: Promise<Need> | undefined;
  return () => (found ??= need(plan, freshness));
}

async function need(plan: Plan, freshness: Freshness | undefined): Promise<Need> {
  const inside = plan.steps.filter((step): step is ExecStep => step.kind === 'exec' && step.place === 'container');
  const statuses = new Map<StepId, readonly Status[]>();
  let why = inside.length === 0 ? 'it was asked for' : undefined;
  for (const step of inside) {
    if ((step.actions ?? []).length === 0 || freshness === undefined) {
      why ??= `${step.title} always runs`;
      continue;
    }
    const found = await freshness.lookup(step);
    statuses.set(step.id, found);
    const stale = found.find((status) => status.is === 'stale');
    if (stale !== undefined) why ??= `${stale.action.name} is stale: ${stale.why}`;
  }
  return { why, statuses };
}
