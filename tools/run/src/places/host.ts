import { dirname } from 'node:path/posix';
import { type Action, type ExecStep, type Plan, type Ran, goBuildOf } from '@slipway/model';
import { pathIn } from '../perform/path-in.ts';
import type { Performing, Running } from '../perform/performing.ts';
import { runCheck } from '../checks/run-check.ts';
import { runGoTest } from '../tests/go-test.ts';
import { callFor, failed } from './call.ts';
import type { RunningPlace } from './port.ts';

/** This machine. A scratch directory is empty before the call and removed after it. */
export const hostPlace: RunningPlace = { run };

async function run(step: ExecStep, running: Running, performing: Performing): Promise<Ran> {
  const { plan, runner, files, signal } = performing;
  const { argv, cwd, env, unset } = callFor(step, plan.places.host, running);
  const scratch = step.scratch === undefined ? undefined : pathIn(plan, step.scratch);
  for (const output of step.outputs) await files.ensureDirectory(dirname(pathIn(plan, output)));
  if (scratch !== undefined) await files.ensureEmptyDirectory(scratch);
  try {
    const seen = Object.fromEntries(
      Object.entries({ ...plan.environment, ...env }).filter(([name]) => !unset.includes(name) || name in env),
    );
    if (step.tests !== undefined) return await runGoTest(step, running, performing);
    if (step.check !== undefined) return await runCheck(step, step.check, running, performing);
    const before = await stampsOf(running.actions, performing);
    const result = await runner.run({ argv, cwd: pathIn(plan, cwd), env: seen, signal, take: running.take });
    if (result.exit === 0) return { output: result.output, passed: running.actions };
    const after = await stampsOf(running.actions, performing);
    return failed(
      step,
      plan,
      result,
      goBuildOf(step) === undefined ? [] : written(running.actions, plan, { before, after }),
    );
  } finally {
    if (scratch !== undefined) await files.removeTree(scratch);
  }
}

type Stamps = ReadonlyMap<string, string | undefined>;

async function stampsOf(actions: readonly Action[], { plan, files }: Performing): Promise<Stamps> {
  const paths = actions.flatMap(({ outputs }) => outputs.map((output) => pathIn(plan, output)));
  return new Map(await Promise.all(paths.map(async (path) => [path, await files.stamp(path)] as const)));
}

/**
 * After a failed package Go continues with the others. It writes each linked file atomically, and touches up-to-date
 * ones. So an action whose file was not touched did not pass.
 */
const written = (
  actions: readonly Action[],
  plan: Plan,
  { before, after }: { before: Stamps; after: Stamps },
): Action[] =>
  actions.filter(({ outputs }) => {
    const paths = outputs.map((output) => pathIn(plan, output));
    return (
      paths.length > 0 && paths.every((path) => after.get(path) !== undefined && after.get(path) !== before.get(path))
    );
  });
