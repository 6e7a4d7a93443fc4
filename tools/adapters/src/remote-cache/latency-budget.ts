import { RemoteCacheError } from './port.ts';

/**
 * Compares the cost of waiting for a server with its benefit. Waiting time is debited; received content is credited
 * with the time that making it would have taken. So a healthy server with latency is used, and a silent or slow one is
 * not.
 */
export interface LatencyBudget {
  /** Somebody waits until this is disposed. `end` is called when the account is overdrawn; throws if it already is. */
  wait(end: (why: RemoteCacheError) => void): Disposable;
  brought(bytes: number): void;
  /** Milliseconds that no content made up for. */
  readonly lost: number;
}

export interface AccountOptions {
  /** Milliseconds that may be lost, in addition to a twentieth of the time since the account was opened. */
  readonly latencyBudget: number;
  /** How fast content would be made without the server. */
  readonly bytesPerSecond: number;
}

const SHARE = 0.05;
/** Maximum credit in milliseconds, so that a server that worked for an hour and then stops is given up soon. */
const MOST_CREDIT = 2000;
/**
 * Milliseconds. A longer interval counts as this one, because the process may have been busy or without a processor,
 * and could not have taken an answer.
 */
const TICK = 25;

export function openLatencyBudget({ latencyBudget, bytesPerSecond }: AccountOptions): LatencyBudget {
  const opened = performance.now();
  const waiting = new Set<(why: RemoteCacheError) => void>();
  let balance = 0;
  let charged = opened;
  let timer: NodeJS.Timeout | undefined;
  let overdrawn: RemoteCacheError | undefined;
  const charge = (): void => {
    const now = performance.now();
    balance -= Math.min(now - charged, TICK);
    charged = now;
    if (overdrawn !== undefined || -balance <= latencyBudget + (now - opened) * SHARE) return;
    overdrawn = new RemoteCacheError(`it is too slow: ${Math.round(-balance)} ms were lost`, true);
    for (const end of waiting) end(overdrawn);
  };
  return {
    wait(end) {
      if (overdrawn !== undefined) throw overdrawn;
      if (waiting.size === 0) {
        charged = performance.now();
        timer = setInterval(charge, TICK);
      }
      const own = (why: RemoteCacheError): void => end(why);
      waiting.add(own);
      return {
        [Symbol.dispose]() {
          if (!waiting.delete(own) || waiting.size > 0) return;
          charge();
          clearInterval(timer);
        },
      };
    },
    brought(bytes) {
      balance = Math.min(MOST_CREDIT, balance + (bytes / bytesPerSecond) * 1000);
    },
    get lost() {
      return Math.max(0, -balance);
    },
  };
}
