import type { ExecStep, StepId } from '@slipway/model';
import { withAction } from '../file-action.ts';
import type { Planning } from '../planning.ts';

/** Bytes: peak memory of a user interface build. */
const MEMORY = 2 ** 30;

/**
 * The steps that a tree runs before the first compilation, one after the other. They write to their outputs in the
 * tree.
 */
export const beforeSteps = ({ facts }: Planning): ExecStep[] =>
  (facts.tree.before ?? []).map(({ argv, outputs }, index) => {
    const step: ExecStep = {
      ...{ kind: 'exec', place: 'host', id: stepId(index), title: `run ${argv.join(' ')}`, pool: 'go' },
      ...{ needs: index === 0 ? [] : [stepId(index - 1)], after: [], outputs, argv, cwd: facts.tree.root },
      ...{ env: {}, unset: [], scratch: undefined, memory: MEMORY },
    };
    const settings = { program: JSON.stringify(argv), platform: facts.machine.platform };
    return withAction(step, { inputs: facts.before?.[index] ?? [], settings });
  });

const stepId = (index: number): StepId => `before:${index}` as StepId;
