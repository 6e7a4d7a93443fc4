import type { RemoveStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

export async function performRemove(step: RemoveStep, { plan, files, lock }: Performing): Promise<Performed> {
  const paths = step.paths.map((path) => pathIn(plan, path));
  const kept = step.lock === undefined ? [] : [pathIn(plan, step.lock.path)];
  for (const path of paths) await files.removeTree(path, kept);
  if (step.lock?.stays === true) await lock?.renew();
  if (step.lock?.stays === false) await lock?.remove(paths);
  return { outcome: { is: 'ran', why: 'it was asked for' }, output: '' };
}
