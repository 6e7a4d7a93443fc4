import type { ExecStep } from '@slipway/model';
import type { Planning } from '../planning.ts';

/** A step that was planned as seen in the build container runs there, if there is one. */
export function whereBuilt(step: ExecStep, { container, facts }: Planning): ExecStep {
  if (container === undefined) return step;
  const { GOTMPDIR: _scratch, ...env } = step.env;
  return {
    ...step,
    env: { ...facts.environment, ...env },
    scratch: undefined,
    inside: { container: container.name, user: container.user, fetch: [], attached: false },
  };
}
