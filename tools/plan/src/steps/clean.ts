import { DEFAULT_OUT_DIR } from '@slipway/catalog';
import type { RemoveStep, StepId } from '@slipway/model';
import { type OutputNames } from '../names.ts';
import type { Planning } from '../planning.ts';

/** Removes all outputs of builds and the tree's temporary paths. The last step of a plan. */
export function cleanStep({ names, facts }: Planning): RemoveStep {
  const paths = [...outputs(names), ...facts.tree.cleanPaths];
  return {
    kind: 'remove',
    id: 'clean' as StepId,
    title: `remove ${paths.join(', ')}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'io',
    paths,
    lock: { path: names.lock, stays: false },
  };
}

/**
 * The default directory belongs to slipway. In a directory that the user named, only slipway's own files are removed.
 */
const outputs = (names: OutputNames): string[] =>
  names.root === DEFAULT_OUT_DIR ? [names.root] : [names.local, names.hostLink, names.ignore, names.compare];
