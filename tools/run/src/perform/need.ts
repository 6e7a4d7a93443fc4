import type { ExecStep, Freshness, PartVerdict, Plan, StepId } from '@slipway/model';
import type { Need } from './performing.ts';

/**
 * Whether a container is needed at all: not when all it would be asked to build is fresh or comes from the store. Found out
 * once, by the first who asks, and before anything is sent: what is edited later then counts as edited.
 */
export function findNeed(plan: Plan, freshness: Freshness | undefined): () => Promise<Need> {
  let found: Promise<Need> | undefined;
  return () => (found ??= need(plan, freshness));
}

async function need(plan: Plan, freshness: Freshness | undefined): Promise<Need> {
  const inside = plan.steps.filter((step): step is ExecStep => step.kind === 'exec' && step.inside !== undefined);
  const verdicts = new Map<StepId, readonly PartVerdict[]>();
  let why = inside.length === 0 ? 'it was asked for' : undefined;
  for (const step of inside) {
    if (step.go === undefined || freshness === undefined) {
      why ??= `${step.title} always runs`;
      continue;
    }
    const judged = await freshness.judge(step);
    verdicts.set(step.id, judged);
    const stale = judged.find((verdict) => verdict.is === 'stale');
    if (stale !== undefined) why ??= `${stale.part.name} is stale: ${stale.why}`;
  }
  return { why, verdicts };
}
