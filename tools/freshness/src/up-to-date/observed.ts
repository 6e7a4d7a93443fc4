import { keyOf } from './key.ts';
import type { CheckOptions } from './port.ts';

/** Sets of files that are remembered for one static key, the newest first. */
const MOST_SETS = 8;

const observedKey = (key: string): string => keyOf({ observed: key });

/**
 * What an action with this static key read when it ran: the sets of files of its last runs, the newest first. Which of them holds
 * now, their contents tell.
 */
export async function observedSets(
  key: string,
  { states, store }: Pick<CheckOptions, 'states' | 'store'>,
): Promise<readonly (readonly string[])[]> {
  const here = states.observed(key);
  if (here.length > 0) return here;
  const record = await store?.find(observedKey(key), 'to explain');
  return JSON.parse(record?.parts['sets'] ?? '[]') as string[][];
}

export async function noteObserved(
  key: string,
  paths: readonly string[],
  options: Pick<CheckOptions, 'states' | 'store'>,
): Promise<void> {
  const before = await observedSets(key, options);
  const same = (other: readonly string[]): boolean => other.join('\0') === paths.join('\0');
  const sets = [paths, ...before.filter((other) => !same(other))].slice(0, MOST_SETS);
  options.states.setObserved(key, sets);
  await options.store?.add({ key: observedKey(key), parts: { sets: JSON.stringify(sets) } }, []);
}
