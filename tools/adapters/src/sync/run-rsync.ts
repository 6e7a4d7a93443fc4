import type { Duplex } from 'node:stream';
import { FailureError } from '@slipway/model';
import { saysDiskFull } from '../process/disk-full.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { startProgram } from '../process/program.ts';
import { isMissingTool } from '../process/why-not-started.ts';
import type { Sending } from './sending.ts';

/** A running rsync on this machine. */
export interface Rsync {
  /** Its file descriptor 3. */
  readonly socket: Duplex;
  /** Throws SYNC_FAILED, ENGINE_FULL and INTERRUPTED. */
  readonly done: Promise<void>;
}

interface Call {
  readonly options: readonly string[];
  readonly destination: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The files were selected already. So rsync sends each of them regardless of its time, but only the parts that differ.
 */
const OPTIONS = ['--links', '--perms', '--times', '--omit-dir-times', '--ignore-times', '--from0', '--files-from=-'];

/** Throws NO_TRANSPORT if this machine has no rsync. */
export async function startRsync(sending: Sending, { options, destination, variables }: Call): Promise<Rsync> {
  const { root, paths, environment, signal, rsync } = sending;
  const compression = rsync.compression > 0 ? ['--compress', `--compress-level=${rsync.compression}`] : [];
  const program = await startProgram(
    {
      argv: ['rsync', ...OPTIONS, ...compression, ...options, `${root}/`, destination],
      cwd: root,
      env: { ...environment, ...variables, LC_ALL: 'C' },
      signal,
    },
    { connected: true },
  ).catch((error: unknown) => {
    throw isMissingTool(error) ? noRsync(sending) : error;
  });
  const { socket } = program;
  program.stdout.resume();
  program.stdin.end(paths.map((path) => `${path}\0`).join(''));
  // A stream that is connected to the socket would keep it open.
  void program.exited.then(() => socket.destroy());
  const done = program.ended.then((exit) => {
    throwIfInterrupted(signal);
    throwIfFailed(exit, program.said().trim(), sending.container);
  });
  done.catch(() => {});
  return { socket, done };
}

const noRsync = ({ senders: [transport] }: Sending): FailureError =>
  new FailureError({
    code: 'NO_TRANSPORT',
    transport: transport!,
    fact: 'there is no rsync on this machine',
    hint: 'apt-get install rsync, or --sync tar',
  });

/** rsync(1): a file vanished during the transfer. The next sync detects that, and no result of this one is stored. */
const VANISHED = 24;

function throwIfFailed(exit: number | undefined, said: string, container: string): void {
  if (exit === 0 || exit === VANISHED) return;
  if (saysDiskFull.test(said)) throw new FailureError({ code: 'ENGINE_FULL', what: `sending files to ${container}` });
  throw new FailureError({
    code: 'SYNC_FAILED',
    fact: `rsync to ${container} ended with ${exit ?? 'a signal'}: ${said.split('\n').slice(0, 3).join('; ')}`,
    hint: '--sync tar does without it',
  });
}
