import type { RemoveStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

export async function performRemove(step: RemoveStep, { plan, files }: Performing): Promise<Performed> {
  for (const path of step.paths)
    await files.removeTree(
      pathIn(plan, path),
      step.keep.map((kept) => pathIn(plan, kept)),
    );
  return { outcome: { is: 'ran', why: 'it was asked for' }, output: '' };
}
