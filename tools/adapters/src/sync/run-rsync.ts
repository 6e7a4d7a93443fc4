import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { FailureError } from '@slipway/model';
import { saysDiskFull } from '../process/disk-full.ts';
import { start, stopOn } from '../process/guard.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';
import type { Sending } from './send-files.ts';

/** The rsync of this machine, at work. */
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

/** What is sent was chosen already: every file is, whatever its time says, and nothing of it but what differs. */
const OPTIONS = ['--links', '--perms', '--times', '--omit-dir-times', '--ignore-times', '--from0', '--files-from=-'];

/** Throws NO_TRANSPORT when there is no rsync on this machine. */
export async function startRsync(sending: Sending, { options, destination, variables }: Call): Promise<Rsync> {
  const { root, paths, environment, signal, rsync } = sending;
  const compression = rsync.compression > 0 ? ['--compress', `--compress-level=${rsync.compression}`] : [];
  const child = start(['rsync', ...OPTIONS, ...compression, ...options, `${root}/`, destination], {
    env: { ...environment, ...variables, LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  const socket = child.stdio[3] as Duplex;
  for (const stream of [child.stdin!, socket]) stream.on('error', () => {});
  await started(child, sending);
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
  const allSaid = once(child.stderr!, 'close');
  child.stdin!.end(paths.map((path) => `${path}\0`).join(''));
  const stop = stopOn(signal, child);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const done = ended.then(async ([exit]) => {
    stop[Symbol.dispose]();
    // Whoever joins it to something would hold it.
    socket.destroy();
    await allSaid;
    throwIfInterrupted(signal);
    throwIfFailed(exit, said.trim(), sending.container);
  });
  done.catch(() => {});
  return { socket, done };
}

async function started(child: ChildProcess, { senders: [transport] }: Sending): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new FailureError({
      code: 'NO_TRANSPORT',
      transport: transport!,
      fact: 'there is no rsync on this machine',
      hint: 'apt-get install rsync, or --sync tar',
    });
  }
}

/** rsync(1): a file vanished while files were sent. The next sync sees it, and nothing that was built of it is kept. */
const VANISHED = 24;

function throwIfFailed(exit: number | null, said: string, container: string): void {
  if (exit === 0 || exit === VANISHED) return;
  if (saysDiskFull.test(said))
    throw new FailureError({ code: 'ENGINE_FULL', what: `files were being sent to ${container}` });
  throw new FailureError({
    code: 'SYNC_FAILED',
    fact: `rsync to ${container} ended with ${exit ?? 'a signal'}: ${said.split('\n').slice(0, 3).join('; ')}`,
    hint: '--sync tar does without it',
  });
}
