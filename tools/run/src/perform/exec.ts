import { type ExecStep, goBuildOf } from '@slipway/model';
import { placeOf } from '../places/index.ts';
import { runLoadable } from './loadable.ts';
import type { Performed, Performing, Running } from './performing.ts';

/** Runs the program of a step, for these actions, in its place. */
export async function performExec(step: ExecStep, performing: Performing, running: Running): Promise<Performed> {
  const first = await placeOf(step).run(step, running, performing);
  const ran = (await runLoadable({ step, running, first }, performing)) ?? first;
  const why = goBuildOf(step) === undefined ? 'it always runs' : 'Go decides what to redo';
  return { outcome: { is: 'ran', why }, output: ran.output, ran };
}
