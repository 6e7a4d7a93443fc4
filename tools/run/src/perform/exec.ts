import { join } from 'node:path';
import { type ExecStep, type Failure, FailureError, type Ran, goBuildOf } from '@slipway/model';
import { placeOf } from '../places/index.ts';
import { runLoadable } from './loadable.ts';
import type { Performed, Performing, Running } from './performing.ts';

/** Runs the program of a step for these actions, in its place. */
export async function performExec(step: ExecStep, performing: Performing, running: Running): Promise<Performed> {
  const first = await placeOf(step).run(step, running, performing);
  const ran = (await runLoadable({ step, running, first }, performing)) ?? first;
  if (goBuildOf(step) !== undefined)
    return { outcome: { is: 'ran', why: 'Go decides what to redo' }, output: ran.output, ran };
  const made = await withOutputs(step, ran, performing);
  return { outcome: { is: 'ran', why: 'it always runs' }, output: made.output, ran: made };
}

/** A program that succeeds without its outputs has failed. */
async function withOutputs(step: ExecStep, ran: Ran, { plan, files }: Performing): Promise<Ran> {
  if (ran.failure !== undefined) return ran;
  const stamps = await Promise.all(step.outputs.map((path) => files.stamp(join(plan.root, path))));
  const missing = step.outputs.filter((_path, at) => stamps[at] === undefined);
  const failures = missing.map((path): Failure => ({
    code: 'FILE_MISSING',
    path,
    why: `${step.title} was to make it`,
  }));
  return failures.length === 0 ? ran : { ...ran, passed: [], failure: new FailureError(...failures) };
}
