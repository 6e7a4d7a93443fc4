import { resolve } from 'node:path';
import { fetchSet } from '@slipway/adapters';
import type { World } from '../world.ts';

/** Where a set can be read; disposing removes what was fetched for that. */
export interface OpenSet extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  readonly isFetched: boolean;
}

/** A directory, a file, or an address of http or https. */
export async function openSet(given: string, { cwd, signal, progress }: World): Promise<OpenSet> {
  if (!/^https?:\/\//i.test(given))
    return { path: resolve(cwd, given), isFetched: false, [Symbol.asyncDispose]: async () => {} };
  progress(`fetching ${given}`);
  const fetched = await fetchSet(given, signal);
  return { path: fetched.dir, isFetched: true, [Symbol.asyncDispose]: () => fetched[Symbol.asyncDispose]() };
}
