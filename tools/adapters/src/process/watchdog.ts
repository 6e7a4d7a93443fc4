import { constants, readFileSync, readSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { constants as system } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Bytes of one message in libuv's pipe of signals: an address, the number of the signal, and room. */
const MESSAGE = 16;
/** Where the number is. */
const NUMBER = 8;

export interface Watchdog {
  /** The process ends in a moment, whatever it does then. */
  endSoon(): void;
}

/**
 * A thread that ends this process with SIGKILL when a signal of ours is not heard: the loop is in a call that does not return. Signals
 * are heard by the loop alone, and a thread gets none. But those that wait lie in a pipe of the loop (libuv), and the thread looks into
 * it. Where there is no /proc, the loop itself has to be well.
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

/** What the thread is told. */
export interface SignalPipe extends Pipe {
  readonly message: number;
  readonly number: number;
  readonly names: Readonly<Record<number, string>>;
}

interface Pipe {
  readonly reads: number;
  readonly writes: number;
}

/** The one in which a signal appears that we send ourselves; nobody cares for SIGURG. */
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

/** Pipes with both ends in this process, as far as they do not block. */
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

/** One that is closed meanwhile is none: that of the directory itself. */
function linkTo(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Looks, and leaves everything in it. */
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
