import type { Action, Step } from '@slipway/model';

interface FileWork {
  readonly inputs: readonly string[];
  readonly settings: Action['settings'];
}

/** Makes a step that converts files into one action. Only its own tree remembers it. */
export function withAction<S extends Step>(step: S, { inputs, settings }: FileWork): S & { actions: [Action] } {
  const { id, title, kind, outputs } = step;
  const action: Action = {
    id,
    name: title,
    words: [],
    inputs: [...(inputs.length === 0 ? [] : [{ kind: 'files', paths: inputs } as const])],
    settings: { ...settings, kind },
    outputs,
    hasResult: false,
    cache: { is: 'tree', why: 'it is large, or made as quickly as it is copied' },
  };
  return { ...step, actions: [action] };
}
