import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from '../cache-servers.ts';
import { timeouts } from '../timeouts.ts';

/** One process of a cluster, with the group of all it starts. It can be killed, and started anew in the same place. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** The process alone, or with everything it started. */
  kill(signal: NodeJS.Signals, to?: 'process' | 'group'): Promise<void>;
}

export interface ServerCommand {
  readonly name: string;
  readonly argv: readonly string[];
  /** Its whole environment: runners pass it to actions. */
  readonly env: Readonly<Record<string, string>>;
  /** It is ready when somebody listens there; without one when it runs. */
  readonly port?: number;
  readonly log: string;
  /** The user it runs as, if it refuses root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export function serverProcess({ name, argv, env, port, log, user }: ServerCommand): ServerProcess {
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  return {
    name,
    get pid() {
      return child?.pid;
    },
    async start() {
      const output = openSync(log, 'a');
      const [program, ...args] = argv;
      const running = spawn(program!, args, {
        env,
        cwd: '/',
        detached: true,
        stdio: ['ignore', output, output],
        ...user,
      });
      closeSync(output);
      child = running;
      ended = new Promise((done) => running.once('exit', done).once('error', done));
      if (port !== undefined) await listening(port, running, () => readFileSync(log, 'utf8').slice(-2000));
    },
    async kill(signal, to = 'group') {
      if (child?.pid === undefined) return;
      const pid = to === 'group' ? -child.pid : child.pid;
      try {
        process.kill(pid, signal);
      } catch {
        // It is gone already.
      }
      if (signal === 'SIGKILL') await ended;
    },
  };
}

async function listening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  for (const end = performance.now() + timeouts.event; !(await answers(port));) {
    if (performance.now() > end || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${child.spawnfile} did not start: ${said()}`);
    await sleep(50);
  }
}
