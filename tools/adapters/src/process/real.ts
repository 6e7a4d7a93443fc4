import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TakeLine, limits, withoutRepository } from '@slipway/model';
import { POLITE, stopOn, tie, watch } from './guard.ts';
import { interruptedBy, throwIfInterrupted } from './interrupted.ts';
import type { CommandRequest, CommandResult, CommandRunner } from './port.ts';
import { whyNotStarted } from './why-not-started.ts';

export interface RunnerOptions {
  /** Milliseconds between the polite signal and SIGKILL. */
  readonly killAfter?: number;
}

/** Runs programs with execa, each in its own process group, so that its children can be stopped with it. */
export function realCommandRunner({ killAfter = POLITE }: RunnerOptions = {}): CommandRunner {
  return { run: (request) => run(request, killAfter) };
}

async function run(request: CommandRequest, killAfter: number): Promise<CommandResult> {
  const [file, ...args] = request.argv as [string, ...string[]];
  // Imported on demand, because loading it takes longer than a whole run without programs.
  const { execa } = await import('execa');
  throwIfInterrupted(request.signal);
  watch();
  const child = execa(file, args, {
    cwd: request.cwd,
    env: { ...withoutRepository(request.env), PWD: request.cwd },
    extendEnv: false,
    all: true,
    detached: process.platform !== 'win32',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: limits.output.bytes,
    ...(request.onLine === undefined ? {} : { buffer: { stdout: false, stderr: true, all: false } }),
    ...(request.take === undefined ? {} : { stderr: leftBy(request.take) }),
    ...(request.input === undefined ? { stdin: 'ignore' as const } : { input: request.input }),
  });
  using _tied = tie(child.pid);
  const read = request.onLine === undefined ? undefined : eachLine(child.stdout, request.onLine);
  const stop = stopOn(request.signal, child, killAfter);
  const result = await child.finally(() => stop[Symbol.dispose]());
  await read;
  if (request.signal?.aborted) throw interruptedBy(request.signal);
  if (child.pid === undefined) throw await whyNotStarted(request, result);
  return {
    exit: result.exitCode,
    signal: result.signal,
    stdout: result.stdout ?? '',
    stderr: result.stderr,
    output: result.all ?? result.stderr,
  };
}

/** The lines that nobody takes. */
const leftBy = (take: TakeLine) =>
  function* (line: unknown): Generator<unknown> {
    if (!take(line as string)) yield line;
  };

async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
