import type { RemoteCache } from '@slipway/adapters';
import type { GoResult, LocalGoCache } from './local-go-cache.ts';

/** Larger contents are streamed separately on request. */
export const BATCHED = 2 ** 20;
const READERS = 4;

/**
 * Fetches missing contents in batches, in order. Each digest maps to the end of its batch, a promise that never
 * rejects.
 */
export async function prefetch(
  wanted: ReadonlyMap<string, GoResult>,
  { local, remote }: { readonly local: LocalGoCache; readonly remote: RemoteCache },
): Promise<ReadonlyMap<string, Promise<void>>> {
  const missing: [string, GoResult][] = [];
  for (const [actionId, result] of wanted)
    if (result.size <= BATCHED && (await local.content(result)) === undefined) missing.push([actionId, result]);
  let broken = false;
  const fetchBatch = async (batch: readonly (readonly [string, GoResult])[]): Promise<void> => {
    if (broken) return;
    const contents = await remote.read(batch.map(([, result]) => result));
    const keep = async ([actionId, result]: readonly [string, GoResult], i: number): Promise<void> => {
      const content = contents[i];
      if (content !== undefined) await local.keep(actionId, result, content);
    };
    await Promise.all(batch.map(keep));
  };
  const readers: Promise<void>[] = Array.from({ length: READERS }, () => Promise.resolve());
  const coming = new Map<string, Promise<void>>();
  for (const [i, batch] of batches(missing).entries()) {
    const reading = readers[i % READERS]!.then(() => fetchBatch(batch)).catch(() => void (broken = true));
    readers[i % READERS] = reading;
    for (const [, { digest }] of batch) coming.set(digest, reading);
  }
  return coming;
}

function batches(all: readonly [string, GoResult][]): [string, GoResult][][] {
  const result: [string, GoResult][][] = [];
  let bytes = Infinity;
  for (const one of all) {
    const { size } = one[1];
    if (bytes + size > BATCHED) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)!.push(one);
    bytes += size;
  }
  return result;
}
