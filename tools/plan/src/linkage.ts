import { type Command, type Environment, type Linkage, type Platform, type Tree, osOf } from '@slipway/model';

/**
 * How a command is linked for a platform. The order is that of Kubernetes' hack/lib/golang.sh: kubectl built on darwin
 * for darwin is never static; then KUBE_CGO_OVERRIDES, the tree's static list, KUBE_STATIC_OVERRIDES; everything else
 * uses cgo.
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

/** Splits a variable into words as make and the shell do. */
export const wordsOf = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');
