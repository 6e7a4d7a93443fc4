import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FailureError } from '@slipway/model';
import type { ContainerCommand, ContainerEngine } from '../docker/port.ts';

/** Runs a command in a container to its end, and keeps what it printed. Throws IMAGE_INCOMPLETE when it is not there. */
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
    throwIfMissing({ exit, said: stdout + stderr }, command.container);
    return { exit, stdout, stderr };
  } finally {
    output.destroy();
    errors.destroy();
    collected.catch(() => {});
  }
}

/** As the engine and as a shell say that there is no such program. */
const missing = /exec: "([^"]+)": executable file not found|(?:line \d+|exec): (\S+): (?:command )?not found/;

/** Debian packages of what a sync runs, where they are not called like it. */
const packages: Readonly<Record<string, string>> = {
  find: 'findutils',
  xargs: 'findutils',
  mkdir: 'coreutils',
  rm: 'coreutils',
  touch: 'coreutils',
};

function throwIfMissing({ exit, said }: { exit: number; said: string }, container: string): void {
  const match = exit === 126 || exit === 127 ? missing.exec(said) : null;
  const tool = match?.[1] ?? match?.[2];
  if (tool === undefined) return;
  throw new FailureError({ code: 'IMAGE_INCOMPLETE', container, tool, package: packages[tool] ?? tool });
}
