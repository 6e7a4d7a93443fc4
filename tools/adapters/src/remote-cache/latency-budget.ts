import { RemoteCacheError } from './port.ts';

/**
 * What waiting for a server costs, against what it brings: time is debited while somebody waits, content is credited with the time
 * that making it would have taken. So one that is healthy but late is waited for, and one that is silent or slow is not.
 */
export interface LatencyBudget {
  /** Somebody waits until this is disposed. `end` is told when the account is overdrawn; throws when it is already. */
  wait(end: (why: RemoteCacheError) => void): Disposable;
  brought(bytes: number): void;
  /** Milliseconds that nothing made up for. */
  readonly lost: number;
}

export interface AccountOptions {
  /** Milliseconds that may be lost, and with them a twentieth of the time since the account was opened. */
  readonly latencyBudget: number;
  /** How fast content would be made without the server. */
  readonly bytesPerSecond: number;
}

const SHARE = 0.05;
/** Milliseconds: whoever served well for an hour, and then stops, is not waited for that long. */
const MOST_CREDIT = 2000;
/**
 * Milliseconds. Longer intervals count as this one: in a second in which this process hashed files, or got no processor, it could
 * have taken no answer.
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
