import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FailureError } from '@slipway/model';
import type { ContainerCommand, ContainerEngine } from '../docker/port.ts';

/** Runs a command in a container, and returns its output. Throws IMAGE_INCOMPLETE if the program is missing. */
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

/** The messages of the engine and of a shell about a missing program. */
const missing = /exec: "([^"]+)": executable file not found|(?:line \d+|exec): (\S+): (?:command )?not found/;

/** Debian packages of the programs, if they have another name. */
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
