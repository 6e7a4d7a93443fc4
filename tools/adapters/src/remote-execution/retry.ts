import { setTimeout as sleep } from 'node:timers/promises';
import { type Status, status } from '../remote-cache/status.ts';
import { RemoteCacheError } from '../remote-cache/port.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';

/** What a code says of trying again. */
export type Trouble =
  /** The server or the way to it is gone, maybe for a moment. */
  | 'lost'
  /** It is there and could not do it this time. */
  | 'shaky'
  /** It lacks something we should have sent. */
  | 'missing'
  /** It will not. */
  | 'refused';

const troubles: Readonly<Partial<Record<Status, Trouble>>> = {
  [status.UNAVAILABLE]: 'lost',
  [status.DEADLINE_EXCEEDED]: 'lost',
  // Of a stream whose server ended; ours are interrupted before.
  [status.CANCELLED]: 'lost',
  [status.ABORTED]: 'shaky',
  [status.RESOURCE_EXHAUSTED]: 'shaky',
  [status.UNKNOWN]: 'shaky',
  [status.INTERNAL]: 'missing',
  [status.FAILED_PRECONDITION]: 'missing',
  [status.NOT_FOUND]: 'missing',
};

export const troubleIn = (code: number | undefined): Trouble => troubles[code as Status] ?? 'refused';

/** Milliseconds. A server that was there before is waited for as long as one takes to start again; one that never was, is not. */
const PATIENCE = { known: 60_000, stranger: 2_000 } as const;
const MOST_SHAKES = 4;

/** Decides whether something is tried once more, and waits. One for each server and thing that is tried. */
export interface Patience {
  /** False: it was tried often enough. Throws INTERRUPTED. */
  again(trouble: Trouble, signal?: AbortSignal): Promise<boolean>;
  readonly attempts: number;
}

export function patienceWith(isKnown: () => boolean): Patience {
  const started = performance.now();
  let attempts = 1;
  let shakes = 0;
  return {
    get attempts() {
      return attempts;
    },
    async again(trouble, signal) {
      if (trouble === 'refused' || trouble === 'missing') return false;
      if (trouble !== 'lost' && (shakes += 1) >= MOST_SHAKES) return false;
      if (performance.now() - started > (isKnown() ? PATIENCE.known : PATIENCE.stranger)) return false;
      const pause = Math.min(2000, 100 * 2 ** attempts) * (0.5 + Math.random() / 2);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => throwIfInterrupted(signal));
      attempts += 1;
      return true;
    },
  };
}

/** Calls until it is answered, or there is no use in it. */
export async function persistently<T>(call: () => Promise<T>, patience: Patience, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RemoteCacheError) || error.code === undefined) throw error;
      throwIfInterrupted(signal);
      // A stream that is cut off may be called so.
      const trouble = error.code === status.INTERNAL ? 'shaky' : troubleIn(error.code);
      if (!(await patience.again(trouble, signal))) throw error;
    }
  }
}
