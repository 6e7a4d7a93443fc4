import { interruptedBy } from '../process/interrupted.ts';
import type { RemoteResult, RemoteStage, RemoteWatch } from './port.ts';

export type StartRun = (signal: AbortSignal, stage: (stage: RemoteStage) => void) => Promise<RemoteResult>;

export interface SharedRuns {
  /**
   * At most one run of that name at a time. Callers that come during a run get its result. The run ends early when all
   * have given up.
   */
  run(name: string, watch: RemoteWatch, start: StartRun): Promise<RemoteResult>;
  /** Ends all runs, and waits for their end. */
  close(): Promise<void>;
}

interface Shared {
  readonly watches: Set<RemoteWatch>;
  readonly end: AbortController;
  readonly result: Promise<RemoteResult>;
}

export function shareRuns(): SharedRuns {
  const under = new Map<string, Shared>();
  const begin = (name: string, start: StartRun): Shared => {
    const end = new AbortController();
    const watches = new Set<RemoteWatch>();
    const result = start(end.signal, (stage) => watches.forEach((each) => each.stage?.(stage)));
    const shared = { watches, end, result };
    under.set(name, shared);
    const over = (): void => void (under.get(name) === shared && under.delete(name));
    result.then(over, over);
    return shared;
  };
  return {
    async run(name, watch, start) {
      const present = under.get(name);
      // A run that is ending is not shared.
      const shared = present === undefined || present.end.signal.aborted ? begin(name, start) : present;
      shared.watches.add(watch);
      const givenUp = Promise.withResolvers<never>();
      const giveUp = (): void => {
        shared.watches.delete(watch);
        const stopped = (): void => givenUp.reject(interruptedBy(watch.signal));
        if (shared.watches.size > 0) return stopped();
        shared.end.abort(watch.signal.reason);
        shared.result.then(stopped, stopped);
      };
      watch.signal.addEventListener('abort', giveUp, { once: true });
      try {
        const result = await Promise.race([shared.result, givenUp.promise]);
        return shared === present ? { ...result, traffic: { bytesUp: 0, blobsUp: 0, bytesDown: 0 } } : result;
      } finally {
        watch.signal.removeEventListener('abort', giveUp);
        shared.watches.delete(watch);
      }
    },
    async close() {
      const all = [...under.values()];
      for (const { end } of all) end.abort('its end');
      await Promise.allSettled(all.map(({ result }) => result));
    },
  };
}
