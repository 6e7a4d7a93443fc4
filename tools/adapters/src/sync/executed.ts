import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ContainerCommand, ContainerEngine } from '../docker/port.ts';

/** Runs a command in a container to its end, and keeps what it printed. */
export async function executed(
  command: Omit<ContainerCommand, 'output' | 'errors' | 'terminal'>,
  engine: ContainerEngine,
): Promise<{ exit: number; stdout: string; stderr: string }> {
  const output = new PassThrough();
  const errors = new PassThrough();
  const collected = Promise.all([text(output), text(errors)]);
  try {
    const exit = await engine.execute({ ...command, output, errors });
    output.end();
    errors.end();
    const [stdout, stderr] = await collected;
    return { exit, stdout, stderr };
  } finally {
    output.destroy();
    errors.destroy();
    collected.catch(() => {});
  }
}
