import type { RemoveStep, StepId } from '@slipway/model';
import type { Planning } from '../planning.ts';

/** Everything a build makes, and what the tree itself calls temporary. */
export function cleanStep({ names, facts }: Planning): RemoveStep {
  const paths = [names.root, ...facts.tree.cleanPaths];
  return { kind: 'remove', id: 'clean' as StepId, title: `remove ${paths.join(', ')}`, needs: [], after: [], outputs: [], pool: 'io', paths, keep: [names.lock] };
}
