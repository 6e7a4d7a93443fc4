import type { WriteStep } from '@slipway/model';
import { pathIn } from './path-in.ts';
import type { Performed, Performing } from './performing.ts';

export async function performWrite(step: WriteStep, { plan, files }: Performing): Promise<Performed> {
  const written = await files.writeFileWhole(pathIn(plan, step.path), step.text);
  return {
    outcome:
      written === 'same'
        ? { is: 'fresh', why: 'the text is unchanged' }
        : { is: 'ran', why: 'it was missing or had other text' },
    output: '',
  };
}
