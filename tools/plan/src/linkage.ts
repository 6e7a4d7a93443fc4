import { type Command, type Environment, type Linkage, type Platform, type Tree, osOf } from '@slipway/model';

/**
 * How a command is linked for a platform. Order as in Kubernetes' hack/lib/golang.sh: kubectl from darwin for darwin is
 * never static; then KUBE_CGO_OVERRIDES, the tree's static list, KUBE_STATIC_OVERRIDES; all else with cgo.
 */
export function linkageOf(
  command: Command,
  platform: Platform,
  context: { tree: Tree; variables: Environment; host: Platform },
): Linkage {
  if (command.kind === 'test') return 'test';
  const { tree, variables, host } = context;
  if (command.name === 'kubectl' && osOf(host) === 'darwin' && osOf(platform) === 'darwin') return 'cgo';
  if (wordsOf(variables['KUBE_CGO_OVERRIDES']).includes(command.name)) return 'cgo';
  if (tree.staticNames.includes(command.name)) return 'static';
  if (wordsOf(variables['KUBE_STATIC_OVERRIDES']).includes(command.name)) return 'static';
  return 'cgo';
}

/** The words of a variable, as make and the shell split them. */
export const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');
