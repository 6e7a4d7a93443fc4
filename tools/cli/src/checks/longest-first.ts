import type { Plan, Step } from '@slipway/model';
import type { Usual } from '../report/run-state.ts';

/**
 * Sorts checks by duration, longest first, so that the last ones end together. A check that never ran has no known
 * duration.
 */
export function longestFirst(plan: Plan, { steps: usual }: Usual): Plan {
  const isVerifying = (step: Step): boolean => step.kind === 'exec' && step.check?.kind === 'verify';
  const time = ({ id }: Step): number => usual.get(id) ?? Number.MAX_SAFE_INTEGER;
  const checks = plan.steps.filter(isVerifying).sort((a, b) => time(b) - time(a));
  return { ...plan, steps: plan.steps.map((step) => (isVerifying(step) ? checks.shift()! : step)) };
}
