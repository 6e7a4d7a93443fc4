import { hash } from 'node:crypto';
import type { RemoteCache } from '@slipway/adapters';
import type { GoRecords } from './go-records.ts';
import type { GoResult, LocalGoCache } from './local-go-cache.ts';
import { BATCHED } from './prefetch.ts';

/** Writes Go's results to the network while Go continues. */
export interface WriteBehind {
  add(actionId: string, result: GoResult, content: Buffer): void;
  /** Resolves when everything was written, or writing was given up. */
  done(): Promise<void>;
  /** Stops writing. */
  stop(): void;
}

const WRITERS = 8;

export interface WriteTargets {
  readonly local: LocalGoCache;
  readonly remote: RemoteCache;
  readonly records: GoRecords;
}

/** The results that arrive during one batch form the next batch. */
export function writeBehind({ local, remote, records }: WriteTargets): WriteBehind {
  let queue: { actionId: string; result: GoResult; content: Buffer }[] = [];
  let writing: Promise<void> = Promise.resolve();
  let stopped = false;
  const write = async (): Promise<void> => {
    const batch = queue;
    queue = [];
    if (stopped) return;
    const contents = new Map(batch.map(({ result, content }) => [result.digest, content]));
    const missing = (await remote.missing(batch.map(({ result }) => result))).flatMap(
      ({ digest }) => contents.get(digest) ?? [],
    );
    await remote.write(missing.filter(({ length }) => length <= BATCHED));
    for (const content of missing.filter(({ length }) => length > BATCHED)) {
      const blob = { digest: hash('sha256', content), size: content.length };
      const path = await local.content(blob);
      if (path !== undefined) await remote.upload(blob, path);
    }
    const next = batch.values();
    const put = async (): Promise<void> => {
      for (const { actionId, result } of next) await records.putResult(actionId, result);
    };
    await Promise.all(Array.from({ length: WRITERS }, put));
  };
  return {
    add(actionId, result, content) {
      if (stopped) return;
      queue.push({ actionId, result, content });
      if (queue.length > 1) return;
      writing = writing.then(write).catch(() => void (stopped = true));
    },
    done: () => writing,
    stop() {
      stopped = true;
    },
  };
}
