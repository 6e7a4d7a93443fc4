import { execa } from 'execa';
import { FailureError } from '@slipway/model';
import type { CommandRequest, CommandResult, CommandRunner } from './port.ts';

/** Time between the polite signal and the one that cannot be refused, in milliseconds. */
const KILL_AFTER = 5_000;

/** Runs programs with execa, each in a process group of its own so that what it started can be stopped with it. */
export function realCommandRunner(): CommandRunner {
  return { run };
}

async function run(request: CommandRequest): Promise<CommandResult> {
  const [file, ...args] = request.argv as [string, ...string[]];
  request.signal?.throwIfAborted();
  const child = execa(file, args, {
    cwd: request.cwd,
    env: { ...request.env, PWD: request.cwd },
    extendEnv: false,
    all: true,
    detached: process.platform !== 'win32',
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 200_000_000,
    ...(request.input === undefined ? { stdin: 'ignore' as const } : { input: request.input }),
  });
  const stop = stopOn(request.signal, child.pid);
  const result = await child.finally(() => stop[Symbol.dispose]());
  if (request.signal?.aborted) throw new FailureError({ code: 'INTERRUPTED', signal: String(request.signal.reason ?? 'a signal') });
  if (result.code === 'ENOENT') {
    throw new FailureError({ code: 'TOOL_MISSING', tool: file, why: `${request.argv.slice(0, 2).join(' ')} was to be run`, hint: 'slipway doctor names what is missing' });
  }
  if (result.failed && result.exitCode === undefined && result.signal === undefined) throw result;
  return {
    exit: result.exitCode,
    signal: result.signal,
    stdout: result.stdout,
    stderr: result.stderr,
    output: result.all,
  };
}

/** Sends SIGINT to the group when the signal is raised, and SIGKILL to what is left of it a little later. */
function stopOn(signal: AbortSignal | undefined, pid: number | undefined): Disposable {
  if (signal === undefined || pid === undefined) return { [Symbol.dispose]() {} };
  let timer: NodeJS.Timeout | undefined;
  const kill = (name: NodeJS.Signals): void => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
    } catch {
      // The group is gone: that is what was wanted.
    }
  };
  const stop = (): void => {
    kill('SIGINT');
    timer = setTimeout(() => kill('SIGKILL'), KILL_AFTER);
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}
