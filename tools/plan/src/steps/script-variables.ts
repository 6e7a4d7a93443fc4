import { whyNoContainer } from '@slipway/catalog';
import type { Environment, Facts } from '@slipway/model';

/** The variables of the tree's own scripts in the build container. */
export const scriptVariables = (facts: Facts, variables: Environment): Environment => ({
  ...versionVariables(facts),
  ...ofScripts(variables),
});

/** The container has no git directory, so the scripts get git's answers as variables. */
function versionVariables({ git, tree }: Facts): Environment {
  const commit = tree.archive?.commit ?? git.commit;
  const version = tree.archive?.version ?? git.describe ?? git.nearestTag;
  if (commit === undefined) return {};
  const state = git.clean === undefined ? 'archive' : git.clean ? 'clean' : 'dirty';
  return {
    KUBE_GIT_COMMIT: commit,
    KUBE_GIT_TREE_STATE: state,
    ...(version === undefined ? {} : { KUBE_GIT_VERSION: version }),
  };
}

/** All build variables that the user gave, and the scripts' output directory in a container. */
const ofScripts = (variables: Environment): Environment => ({
  KUBE_OUTPUT_SUBPATH: '_output/dockerized',
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => whyNoContainer[name] === undefined)),
});
