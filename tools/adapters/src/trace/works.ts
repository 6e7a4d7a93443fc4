import { join } from 'node:path';
import { type Environment, FailureError } from '@slipway/model';
import type { CommandRunner } from '../process/port.ts';
import { straceCommand } from './strace.ts';

/** False if strace is missing, too old, or not allowed, as in many containers. */
export async function tracingWorks(
  scratch: string,
  {
    runner,
    environment: env,
    signal,
  }: { runner: CommandRunner; environment: Environment; signal: AbortSignal | undefined },
): Promise<boolean> {
  try {
    const argv = [...straceCommand(join(scratch, 'probe')), 'sh', '-c', ':'];
    return (await runner.run({ argv, cwd: scratch, env, signal })).exit === 0;
  } catch (error) {
    if (error instanceof FailureError && error.failures[0]?.code === 'TOOL_MISSING') return false;
    throw error;
  }
}
