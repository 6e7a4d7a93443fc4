import type { Step } from '@slipway/model';
import type { Performed, Performing } from './performing.ts';

/** Does the work of a step that makes files out of files only when its outputs are not what they should be. */
export async function unlessFresh(
  step: Step,
  { freshness }: Performing,
  work: () => Promise<Performed>,
): Promise<Performed> {
  if (freshness === undefined || step.makes === undefined) return work();
  const { is, why } = await freshness.judgeFiles(step);
  if (is !== 'stale') return { outcome: { is, why }, output: '' };
  const { output } = await work();
  const { changed } = await freshness.recordFiles(step);
  return { outcome: { is: 'ran', why: changed ? why : `${why}; the bytes are the same` }, output };
}
