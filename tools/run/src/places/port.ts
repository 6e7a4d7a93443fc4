import type { ExecStep, Ran } from '@slipway/model';
import type { Performing, Running } from '../perform/performing.ts';

/** Where programs run: brings there what they read, runs them, and has here what they made. */
export interface RunningPlace {
  /** One call of the step's program for these actions. What it failed for is told, what stops the run is thrown. */
  run(step: ExecStep, running: Running, performing: Performing): Promise<Ran>;
}
