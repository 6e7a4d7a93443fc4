import type { Step } from '@slipway/model';

/**
 * A plan that breaks these rules is a bug of slipway, so the error is a plain one. Ids, outputs and scratch directories
 * are unique. No scratch directory contains a path of another step. A step comes after the steps that it needs.
 */
export function checkSteps(steps: readonly Step[]): void {
  const ids = new Set<string>();
  const users = new Map<string, string>();
  const claim = (path: string, { id }: Step): void => {
    const other = users.get(path);
    if (other !== undefined) throw new Error(`plan: ${other} and ${id} both make ${path}`);
    users.set(path, id);
  };
  for (const step of steps) {
    if (ids.has(step.id)) throw new Error(`plan: two steps are called ${step.id}`);
    for (const id of [...step.needs, ...step.after])
      if (!ids.has(id)) throw new Error(`plan: ${step.id} needs ${id}, which does not come before it`);
    for (const output of step.outputs) claim(output, step);
    if (scratchOf(step) !== undefined) claim(scratchOf(step)!, step);
    ids.add(step.id);
  }
  for (const step of steps) {
    const scratch = scratchOf(step);
    if (scratch === undefined) continue;
    for (const [path, id] of users)
      if (path.startsWith(`${scratch}/`))
        throw new Error(`plan: ${id} uses ${path}, and ${step.id} empties ${scratch}`);
  }
}

const scratchOf = (step: Step): string | undefined => ('scratch' in step ? step.scratch : undefined);
