import * as grpc from '@grpc/grpc-js';
import { RemoteCacheError } from './port.ts';

/**
 * Time passes only while this process could have taken an answer: after a second in which it hashed files, an answer that came
 * long ago would otherwise be late.
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
  /** Why it was ended, if it was. */
  slow(): RemoteCacheError | undefined;
}

export interface Pace {
  readonly bytesPerSecond: number;
  /** Milliseconds it may stand still or be behind. */
  readonly grace: number;
}

/** Ends a transfer that stands still, or stays behind its pace. */
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
