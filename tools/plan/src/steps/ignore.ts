import type { StepId, WriteStep } from '@slipway/model';
import { IGNORE_TEXT } from '../names.ts';
import type { Planning } from '../planning.ts';

/**
 * Hides the output from git. Otherwise a tree that does not ignore its output would be dirty, and stamped as dirty,
 * from the second build on.
 */
export function ignoreStep({ names }: Planning): WriteStep {
  return {
    kind: 'write',
    id: 'ignore' as StepId,
    title: `write ${names.ignore}`,
    needs: [],
    after: [],
    outputs: [names.ignore],
    pool: 'io',
    path: names.ignore,
    text: IGNORE_TEXT,
  };
}
