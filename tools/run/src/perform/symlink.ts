import type { SymlinkStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

export async function performSymlink(step: SymlinkStep, { plan, files }: Performing): Promise<Performed> {
  const written = await files.ensureSymlink(pathIn(plan, step.link), step.target);
  return {
    outcome:
      written === 'same'
        ? { is: 'fresh', why: 'it points there already' }
        : { is: 'ran', why: 'it was missing or pointed elsewhere' },
    output: '',
  };
}
