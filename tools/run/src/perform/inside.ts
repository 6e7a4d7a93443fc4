import { dirname } from 'node:path/posix';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ExecStep, type Failure, FailureError } from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import { containersOf } from './containers.ts';
import type { Program } from './exec.ts';
import { pathIn } from './path-in.ts';
import type { Performing } from './performing.ts';

/** Runs a step's program in its container; what it makes of these parts is here when it ended. Gives what it printed. */
export async function runInside({ step, argv, parts }: Program, performing: Performing): Promise<string> {
  // Only Go is known to leave the sources alone.
  if (step.go === undefined)
    for (const other of performing.plan.steps)
      if (other.kind === 'sync') await containersOf(performing).sync.doubt(pathIn(performing.plan, other.manifest));
  if (step.inside!.attached) {
    await runAttached(step, performing);
    return '';
  }
  const { plan, signal } = performing;
  const { sync } = containersOf(performing);
  const { container, user } = step.inside!;
  const made = new Set(parts.map((part) => part.output));
  const fetch = step.inside!.fetch.filter(({ to }) => made.has(to));
  if (fetch.length > 0) {
    // Go takes a file for finished when its first bytes say so; a container that was killed may have left half of one.
    await inContainer(step, ['rm', '-f', '--', ...fetch.map(({ from }) => from)], performing);
    await inContainer(step, ['mkdir', '-p', '--', ...new Set(fetch.map(({ from }) => dirname(from)))], performing);
  }
  const output = await inContainer(step, argv, performing);
  await sync.fetch({ container, user, signal, files: fetch.map(({ from, to }) => ({ from, to: pathIn(plan, to) })) });
  return output;
}

async function inContainer(step: ExecStep, argv: readonly string[], performing: Performing): Promise<string> {
  const { plan, signal } = performing;
  const { engine } = containersOf(performing);
  const { container, user } = step.inside!;
  const both = new PassThrough();
  const printed = text(both);
  const exit = await engine
    .execute({ container, user, argv, cwd: step.cwd, env: step.env, output: both, errors: both, signal })
    .finally(() => both.end());
  const output = await printed;
  if (exit === 0) return output;
  const failure = failureOfOutput(step, plan, { exit, signal: undefined, output, stdout: output, stderr: '' });
  throw Object.assign(new FailureError(fullEngine(failure, step)), { output });
}

/** The full disk is the engine's. */
const fullEngine = (failure: Failure, step: ExecStep): Failure =>
  failure.code === 'DISK_FULL' ? { code: 'ENGINE_FULL', what: step.title } : failure;

/** The person at the terminal, or whoever reads our output, talks to the program. */
async function runAttached(step: ExecStep, performing: Performing): Promise<void> {
  const { engine, terminal } = containersOf(performing);
  const { container, user } = step.inside!;
  const { input, output, errors, size } = terminal;
  using _keys = size === undefined ? undefined : terminal.takeKeys();
  const exit = await engine.execute({
    container,
    user,
    argv: step.argv,
    cwd: step.cwd,
    env: { ...step.env, ...(size === undefined ? {} : { TERM: performing.plan.environment['TERM'] ?? 'xterm' }) },
    output,
    errors,
    signal: performing.signal,
    ...(size === undefined ? {} : { input, terminal: size }),
  });
  if (exit !== 0) throw new FailureError({ code: 'COMMAND_ENDED', command: step.argv.join(' '), exit });
}
