import { posix } from 'node:path';
import type { PlanNote, Step } from '@slipway/model';
import { type GitChanges, changedFiles } from '../affected/changed-files.ts';
import { openIncremental } from '../incremental.ts';
import type { Planned } from '../planned.ts';
import type { Asking } from '../services.ts';

const isVerifying = (step: Step): boolean => step.kind === 'exec' && step.check?.kind === 'verify';

/**
 * With --affected: skips checks that read no file changed since --base, according to earlier runs. A check without a
 * record runs.
 */
export async function affectedChecks(planned: Planned, asking: Asking): Promise<Planned> {
  const { line, services } = asking;
  const { plan } = planned;
  if (!line.affected || line.base === undefined || !plan.steps.some(isVerifying)) return planned;
  const git = await changedFiles(asking, plan.root, line.base);
  const { check } = await openIncremental({ ...planned, looksOnly: true }, line, services);
  const steps: Step[] = [];
  const notes: PlanNote[] = [...plan.notes];
  for (const step of plan.steps) {
    const sets = isVerifying(step) ? await check.observed(step) : [];
    if (sets.length === 0 || sets.some((names) => isTouched(names, git))) steps.push(step);
    else notes.push({ what: step.title, why: `it reads nothing that changed since ${line.base}` });
  }
  return { ...planned, plan: { ...plan, steps, notes } };
}

/** Changed if a file differs, or if a directory gained or lost a name. */
export function isTouched(
  names: readonly string[],
  { changes, moved }: Pick<GitChanges, 'changes' | 'moved'>,
): boolean {
  const read = new Set(names);
  const isRead = (kind: string, path: string): boolean => read.has(`${kind} ${path.replace(/^~/, './~')}`);
  return (
    changes.files.some((path) => isRead('file', path)) ||
    // A new file may have created its directories, and a removed file may have removed them.
    moved.some((path) => above(path.replace(/\/$/, '')).some((dir) => isRead('names', dir) || isRead('file', dir))) ||
    changes.below.some((dir) => names.some((name) => name.slice(name.indexOf(' ') + 1).startsWith(dir)))
  );
}

function above(path: string): string[] {
  const dir = posix.dirname(path);
  return dir === '.' ? ['.'] : [dir, ...above(dir)];
}
