import { complaint, inPieces } from './go.ts';
import type { CheckOfTree, TreeProblem } from './port.ts';

/** A template is readable only after its placeholders are filled in. */
const isTemplate = (text: string): boolean => text.includes('{{');

export const yaml: CheckOfTree = async (tree) => {
  // Its parser is large, and none of the other checks needs it.
  const { yamlError } = await import('@slipway/adapters/yaml');
  return tree.files(/\.ya?ml$/).flatMap((path): TreeProblem[] => {
    const text = tree.read(path) ?? '';
    const error = yamlError(text);
    return error === undefined || isTemplate(text) ? [] : [{ path, ...error }];
  });
};

/** Compilers and editors read comments in these. */
const mayHaveComments = /^(?:tsconfig|jsconfig|devcontainer|\.).*\.json$/;

export const json: CheckOfTree = async (tree) =>
  tree.files(/\.json$/).flatMap((path): TreeProblem[] => {
    const text = tree.read(path) ?? '';
    if (mayHaveComments.test(path.split('/').at(-1)!)) return [];
    try {
      JSON.parse(text.replace(/^\uFEFF/, ''));
      return [];
    } catch (error) {
      return isTemplate(text) ? [] : [{ path, what: (error as Error).message }];
    }
  });

export const shellcheck: CheckOfTree = async (tree) => {
  const severity = tree.exists('.shellcheckrc') ? [] : ['--severity=error'];
  const problems: TreeProblem[] = [];
  for (const files of inPieces(tree.files(/\.(?:sh|bash)$/)))
    problems.push(...complaint('.', await tree.run(['shellcheck', '--format=gcc', ...severity, ...files])));
  return problems;
};
