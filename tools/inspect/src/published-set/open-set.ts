import { resolve } from 'node:path';
import { fetchSet } from '@slipway/adapters';

/** A readable set. Disposing removes downloaded files. */
export interface OpenSet extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  readonly isFetched: boolean;
}

interface Opening {
  readonly cwd: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** Opens a directory, a file, or an http or https URL. */
export async function openSet(given: string, { cwd, signal, progress }: Opening): Promise<OpenSet> {
  if (!/^https?:\/\//i.test(given))
    return { path: resolve(cwd, given), isFetched: false, [Symbol.asyncDispose]: async () => {} };
  progress(`fetching ${given}`);
  const fetched = await fetchSet(given, signal);
  return { path: fetched.dir, isFetched: true, [Symbol.asyncDispose]: () => fetched[Symbol.asyncDispose]() };
}
