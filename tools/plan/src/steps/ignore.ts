import type { StepId, WriteStep } from '@slipway/model';
import { IGNORE_TEXT } from '../names.ts';
import type { Planning } from '../planning.ts';

/** Without it a tree that does not ignore its output is dirty from the second build on, and stamped so. */
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
