import * as grpc from '@grpc/grpc-js';
import { RemoteCacheError } from './port.ts';

/**
 * Milliseconds. Time is counted in ticks, which pass only while this process can take an answer. If it is busy for a
 * second, an answer that arrived meanwhile is not late.
 */
const TICK = 25;

export function countdown(milliseconds: number, end: (why: RemoteCacheError) => void): Disposable {
  let left = Math.ceil(milliseconds / TICK);
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    end(new RemoteCacheError('it does not answer in time', true, grpc.status.DEADLINE_EXCEEDED));
  }, TICK);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

interface PaceWatch {
  stop(): void;
  moved(bytes: number): void;
  /** The reason for an early end; undefined without one. */
  slow(): RemoteCacheError | undefined;
}

export interface Pace {
  readonly bytesPerSecond: number;
  /** Milliseconds for which it may stop or be behind. */
  readonly grace: number;
}

/** Ends a transfer that stops or stays behind its pace. */
export function watchPace({ bytesPerSecond, grace }: Pace, end: () => void): PaceWatch {
  let passed = 0;
  let still = 0;
  let bytes = 0;
  let slow: RemoteCacheError | undefined;
  const timer = setInterval(() => {
    passed += TICK;
    still += TICK;
    if (still < grace && bytes >= (Math.max(0, passed - grace) / 1000) * bytesPerSecond) return;
    slow = new RemoteCacheError(`it is too slow: ${bytes} bytes in ${passed} ms`, true, grpc.status.DEADLINE_EXCEEDED);
    clearInterval(timer);
    end();
  }, TICK);
  return {
    moved(more) {
      bytes += more;
      still = 0;
    },
    slow: () => slow,
    stop: () => clearInterval(timer),
  };
}
