import { formatStats } from '../history/format-stats.ts';
import { readHistory } from '../history/run-history.ts';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/** Prints the last runs of this tree. */
export async function stats(asking: Asking): Promise<Answer> {
  const { root } = await asking.tree();
  const runs = await readHistory(root, asking.services);
  return answer(formatStats(runs), runs);
}
