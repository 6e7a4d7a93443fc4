import { setTimeout as sleep } from 'node:timers/promises';
import { type Status, status } from '../remote-cache/status.ts';
import { RemoteCacheError } from '../remote-cache/port.ts';
import { throwIfInterrupted } from '../process/interrupted.ts';

/** The kind of an error, which decides about a retry. */
export type Trouble =
  /** The server or the connection is gone, perhaps for a moment. */
  | 'lost'
  /** The server answered, but could not do it this time. */
  | 'shaky'
  /** The server lacks an input. */
  | 'missing'
  /** The server refuses. */
  | 'refused';

const troubles: Readonly<Partial<Record<Status, Trouble>>> = {
  [status.UNAVAILABLE]: 'lost',
  [status.DEADLINE_EXCEEDED]: 'lost',
  // The server ended the stream. Our own end of it is an interrupt, and is detected before.
  [status.CANCELLED]: 'lost',
  [status.ABORTED]: 'shaky',
  [status.RESOURCE_EXHAUSTED]: 'shaky',
  [status.UNKNOWN]: 'shaky',
  [status.INTERNAL]: 'missing',
  [status.FAILED_PRECONDITION]: 'missing',
  [status.NOT_FOUND]: 'missing',
};

export const troubleIn = (code: number | undefined): Trouble => troubles[code as Status] ?? 'refused';

/** Milliseconds. A server that answered before gets the time of a restart. One that never answered gets little. */
const PATIENCE = { known: 60_000, stranger: 2_000 } as const;
const MOST_SHAKES = 4;

/** Decides whether to try again, and waits. There is one for each server and operation. */
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

/** Repeats a call until there is an answer, or until a retry is pointless. */
export async function persistently<T>(call: () => Promise<T>, patience: Patience, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof RemoteCacheError) || error.code === undefined) throw error;
      throwIfInterrupted(signal);
      // A stream that broke may have this code.
      const trouble = error.code === status.INTERNAL ? 'shaky' : troubleIn(error.code);
      if (!(await patience.again(trouble, signal))) throw error;
    }
  }
}
