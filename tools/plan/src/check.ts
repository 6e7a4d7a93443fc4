import type { Step } from '@slipway/model';

/** A plan that breaks these rules is our bug, hence a plain error: ids and outputs are unique, needs come before. */
export function checkSteps(steps: readonly Step[]): void {
  const ids = new Set<string>();
  const producers = new Map<string, string>();
  for (const step of steps) {
    if (ids.has(step.id)) throw new Error(`plan: two steps are called ${step.id}`);
    for (const id of [...step.needs, ...step.after])
      if (!ids.has(id)) throw new Error(`plan: ${step.id} needs ${id}, which does not come before it`);
    for (const output of step.outputs) {
      const other = producers.get(output);
      if (other !== undefined) throw new Error(`plan: ${other} and ${step.id} both make ${output}`);
      producers.set(output, step.id);
    }
    ids.add(step.id);
  }
}
