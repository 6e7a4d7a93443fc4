import { constants, readFileSync, readSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { constants as system } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Bytes of a message in libuv's signal pipe: an address, the signal number, and padding. */
const MESSAGE = 16;
/** The position of the number. */
const NUMBER = 8;

export interface Watchdog {
  /** The caller announces that the process ends very soon in any case. */
  endSoon(): void;
}

/**
 * A thread that ends this process with SIGKILL if a signal is not handled, because the event loop is in a call that
 * does not return. Only the loop handles signals, and a thread gets none. But pending signals are in a pipe of the loop
 * (libuv), which the thread reads. Without /proc the watchdog needs a working loop.
 */
export function startWatchdog(): Watchdog {
  const pipe = findSignalPipe();
  if (pipe === undefined) return { endSoon() {} };
  const workerData: SignalPipe = { ...pipe, message: MESSAGE, number: NUMBER, names: namesOfSignals() };
  const worker = new Worker(new URL('./watchdog-thread.ts', import.meta.url), { workerData, execArgv: [] });
  worker.on('error', () => {});
  worker.unref();
  return { endSoon: () => worker.postMessage('end', []) };
}

/** The thread's input. */
export interface SignalPipe extends Pipe {
  readonly message: number;
  readonly number: number;
  readonly names: Readonly<Record<number, string>>;
}

interface Pipe {
  readonly reads: number;
  readonly writes: number;
}

/** The pipe where a signal that this process sent itself appears. SIGURG has no other effect. */
function findSignalPipe(): Pipe | undefined {
  const candidates = ownPipes();
  const heard = (): void => {};
  process.on('SIGURG', heard);
  try {
    process.kill(process.pid, 'SIGURG');
    return candidates.find(({ reads, writes }) => holdsSignal(reads, writes));
  } finally {
    process.removeListener('SIGURG', heard);
  }
}

/** Non-blocking pipes with both ends in this process. */
function ownPipes(): Pipe[] {
  try {
    const ends = readdirSync('/proc/self/fd').flatMap((name) => {
      const place = linkTo(`/proc/self/fd/${name}`);
      return place?.startsWith('pipe:') === true ? [{ fd: Number(name), place }] : [];
    });
    return [...Map.groupBy(ends, ({ place }) => place).values()].flatMap((pair) => {
      const flags = pair.map(({ fd }) => flagsOf(fd));
      const reads = pair[flags.findIndex((each) => (each & 3) === constants.O_RDONLY)]?.fd;
      const writes = pair[flags.findIndex((each) => (each & 3) === constants.O_WRONLY)]?.fd;
      const isOpen = flags.every((each) => (each & constants.O_NONBLOCK) !== 0);
      return pair.length === 2 && isOpen && reads !== undefined && writes !== undefined ? [{ reads, writes }] : [];
    });
  } catch {
    return [];
  }
}

const flagsOf = (fd: number): number =>
  Number.parseInt(/flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8);

/** A descriptor that was closed meanwhile: that of the directory itself. */
function linkTo(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Reads without removing anything. */
function holdsSignal(reads: number, writes: number): boolean {
  const bytes = Buffer.alloc(64 * MESSAGE);
  try {
    const length = readSync(reads, bytes);
    writeSync(writes, bytes, 0, length);
    return length % MESSAGE === 0 && length > 0 && bytes.readInt32LE(NUMBER) === system.signals.SIGURG;
  } catch {
    return false;
  }
}

const namesOfSignals = (): Readonly<Record<number, string>> =>
  Object.fromEntries((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => [system.signals[name], name]));
