import { type ExecStep, type Freshness, type Plan, type Status, type StepId } from '@slipway/model';
import type { Need } from './performing.ts';

/**
 * Whether a container is needed at all: not when all it would be asked to do is fresh or comes from the store. Found out once, by the
 * first who asks, and before anything is sent: what is edited later then counts as edited.
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
