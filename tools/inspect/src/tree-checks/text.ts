import { complaint, inPieces } from './go.ts';
import type { CheckOfTree, TreeProblem } from './port.ts';

/** Templates become YAML only once they are filled in. */
const isTemplate = (path: string): boolean => /(^|\/)templates\//.test(path);

export const yaml: CheckOfTree = async (tree) => {
  // Its parser is large, and none of the other checks needs it.
  const { yamlError } = await import('../import-rules/yaml-error.ts');
  return tree
    .files(/\.ya?ml$/)
    .filter((path) => !isTemplate(path))
    .flatMap((path): TreeProblem[] => {
      const error = yamlError(tree.read(path) ?? '');
      return error === undefined ? [] : [{ path, ...error }];
    });
};

/** Compilers and editors read comments in these. */
const mayHaveComments = /^(?:tsconfig|jsconfig|devcontainer|\.).*\.json$/;

export const json: CheckOfTree = async (tree) =>
  tree.files(/\.json$/).flatMap((path): TreeProblem[] => {
    if (isTemplate(path) || mayHaveComments.test(path.split('/').at(-1)!)) return [];
    try {
      JSON.parse((tree.read(path) ?? '').replace(/^\uFEFF/, ''));
      return [];
    } catch (error) {
      return [{ path, what: (error as Error).message }];
    }
  });

export const shellcheck: CheckOfTree = async (tree) => {
  const severity = tree.exists('.shellcheckrc') ? [] : ['--severity=error'];
  const problems: TreeProblem[] = [];
  for (const files of inPieces(tree.files(/\.(?:sh|bash)$/)))
    problems.push(...complaint('.', await tree.run(['shellcheck', '--format=gcc', ...severity, ...files])));
  return problems;
};
