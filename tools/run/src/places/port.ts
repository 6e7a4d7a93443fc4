import type { ExecStep, Ran } from '@slipway/model';
import type { Performing, Running } from '../perform/performing.ts';

/** A place where programs run. It transfers their inputs, runs them, and fetches their outputs. */
export interface RunningPlace {
  /**
   * Runs the step's program once for these actions. It returns the program's failure, and throws if the run is stopped.
   */
  run(step: ExecStep, running: Running, performing: Performing): Promise<Ran>;
}
