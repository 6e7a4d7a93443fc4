import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Environment } from '@slipway/model';
import type { Sample } from './statistics.ts';

export interface Measured {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

export interface Measuring {
  /** For the output of the command, and for the times. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** The shell's `time` counts the CPU time of the whole process tree, and Node cannot. */
const script = `TIMEFORMAT='%3R %3U %3S'; { time "$@" >"$BENCH_DIR/output" 2>&1; } 2>"$BENCH_DIR/times"`;

/** Runs a command that must succeed. */
export async function measure({ argv, cwd, env }: Measured, { directory, signal }: Measuring): Promise<Sample> {
  const memoryFile = join(directory, 'memory');
  const command = hasGnuTime() ? ['/usr/bin/time', '-q', '-o', memoryFile, '-f', '%M', ...argv] : argv;
  const exit = await run(['bash', '-c', script, 'bash', ...command], {
    cwd,
    env: { ...env, BENCH_DIR: directory, LC_ALL: 'C' },
    signal,
  });
  if (exit !== 0)
    throw new Error(
      `${argv.join(' ')} ended with ${exit}:\n${readFileSync(join(directory, 'output'), 'utf8').slice(-4000)}`,
    );
  const [wall, user, system] = readFileSync(join(directory, 'times'), 'utf8').trim().split(/\s+/).map(Number) as [
    number,
    number,
    number,
  ];
  const memory = hasGnuTime() ? Number(readFileSync(memoryFile, 'utf8').trim()) * 1024 : undefined;
  return { wall, cpu: user + system, memory };
}

let gnuTime: boolean | undefined;

function hasGnuTime(): boolean {
  gnuTime ??= existsSync('/usr/bin/time') && spawnSync('/usr/bin/time', ['-q', '-f', '%M', 'true']).status === 0;
  return gnuTime;
}

interface Running {
  readonly cwd: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** Runs it in its own process group. The whole group is gone when this ends. */
async function run([program, ...args]: readonly string[], { cwd, env, signal }: Running): Promise<number | string> {
  signal.throwIfAborted();
  const child = spawn(program!, args, { cwd, env, stdio: 'ignore', detached: true });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const stop = (): void => void signalGroup(child, 'SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  const [code, by] = await ended;
  signal.removeEventListener('abort', stop);
  for (let tries = 0; signal.aborted && signalGroup(child, tries < 100 ? 'SIGTERM' : 'SIGKILL'); tries++)
    await setTimeout(100);
  signal.throwIfAborted();
  return code ?? by ?? 'nothing';
}

/** False if the group is empty. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals): boolean {
  try {
    return child.pid !== undefined && process.kill(-child.pid, name);
  } catch {
    return false;
  }
}
