import { dirname } from 'node:path/posix';
import { type ExecStep, FailureError } from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

/** Runs the program of a step; its scratch directory is empty before and gone after. */
export async function performExec(step: ExecStep, { plan, runner, files, signal }: Performing): Promise<Performed> {
  const scratch = step.scratch === undefined ? undefined : pathIn(plan, step.scratch);
  for (const output of step.outputs) await files.ensureDirectory(dirname(pathIn(plan, output)));
  if (scratch !== undefined) await files.ensureEmptyDirectory(scratch);
  try {
    const env = Object.fromEntries(Object.entries({ ...plan.environment, ...step.env }).filter(([name]) => !step.unset.includes(name) || name in step.env));
    const result = await runner.run({ argv: step.argv, cwd: pathIn(plan, step.cwd), env, signal });
    if (result.exit === 0) return { outcome: { is: 'ran', why: 'Go was asked; it redoes what changed' }, output: result.output };
    throw Object.assign(new FailureError(failureOfOutput(step, plan, result)), { output: result.output });
  } finally {
    if (scratch !== undefined) await files.removeTree(scratch);
  }
}
