import { type Action, type GoClosureInput, type Step, closureInput } from '@slipway/model';

/** An action that Go performs, with its closure. */
export interface GoCommand extends Pick<Action, 'name'>, Pick<GoClosureInput, 'importPath' | 'test'> {}

export const goCommandsOf = ({ actions = [] }: Pick<Step, 'actions'>): GoCommand[] =>
  actions.flatMap((action) => {
    const input = closureInput(action);
    return input === undefined ? [] : [{ name: action.name, importPath: input.importPath, test: input.test }];
  });
