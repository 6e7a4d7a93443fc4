import type { Environment, Facts, Failure, StampName } from '@slipway/model';

/**
 * The stamped values. An unknown value is absent, and so is its linker flag. Variables of the Makefile are present by
 * name.
 */
export type Version = Partial<Record<StampName | `asked:${string}`, string>>;

export type VersionResult =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly failure: Failure };

type VersionFacts = Pick<Facts, 'git' | 'versionFile'> & {
  readonly archive: Facts['tree']['archive'];
  /** Apply git's rules to a version that the user gives. */
  readonly asScripts?: boolean;
};

/** The rule of Kubernetes' hack/lib/version.sh: vX.Y, then optional .Z, -prerelease and +build. */
const semanticVersion = /^v([0-9]+)\.([0-9]+)(\.[0-9]+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const versionParts = /^v([0-9]+)\.([0-9]+)(?:\.[0-9]+)?(-.*)?(?:\+.*)?$/;

/**
 * The version of a tree by the rules of kube::version::get_version_vars, in this order: version file, values of `git
 * archive`, environment, git. Without a tag there is no version, which is not a failure. An invalid version is a
 * failure.
 */
export function computeVersion(facts: VersionFacts, variables: Environment): VersionResult {
  if (facts.versionFile !== undefined) return { ok: true, version: fromFile(facts.versionFile) };
  const given = facts.archive === undefined ? variables : archived(facts.archive, variables);
  const gitCommit = given['KUBE_GIT_COMMIT'] || facts.git.commit;
  if (gitCommit === undefined) return { ok: true, version: {} };
  const gitTreeState = given['KUBE_GIT_TREE_STATE'] || (facts.git.clean === true ? 'clean' : 'dirty');
  const asGiven = facts.archive === undefined && facts.asScripts !== true && given['KUBE_GIT_VERSION'];
  const described = given['KUBE_GIT_VERSION'] || (facts.git.describe && withoutModule(facts.git.describe));
  const short = gitCommit === facts.git.commit ? facts.git.shortCommit : gitCommit.slice(0, SHORT);
  const named = {
    ...{ gitCommit, gitTreeState },
    ...(short === undefined ? {} : { gitShortCommit: short, ...asDescribed(described, short, gitTreeState) }),
  };
  if (described === undefined) return { ok: true, version: named };
  const gitVersion = asGiven || semantic(described) + (gitTreeState === 'dirty' ? '-dirty' : '');
  if (!semanticVersion.test(gitVersion)) return { ok: false, failure: { code: 'BAD_VERSION', version: gitVersion } };
  return { ok: true, version: { ...named, gitVersion, ...majorAndMinor(gitVersion) } };
}

/** The default number of digits in git's short commits. */
const SHORT = 7;

/** The output of `git describe --tags --dirty`, which most makefiles use. */
function asDescribed(described: string | undefined, short: string, treeState: string): Version {
  if (described === undefined) return {};
  const gitDescribe = described.replace(/(?<=-g)[0-9a-f]{14}$/, short);
  return { gitDescribe: treeState === 'dirty' ? `${gitDescribe}-dirty` : gitDescribe };
}

/** The version in a tag of a nested module: `api/v3.6.1`. */
export const withoutModule = (tag: string): string => tag.replace(/^.*\/(?=v\d)/, '');

/**
 * Converts `git describe` to a semantic version: v1.2.3-4-g<hash> → v1.2.3-4+<hash>, v1.2.3-rc.0-4-g<hash> →
 * v1.2.3-rc.0.4+<hash>.
 */
function semantic(described: string): string {
  switch (described.split('-').length - 1) {
    case 3:
      return described.replace(/-([0-9]+)-g([0-9a-f]{14})$/, '.$1+$2');
    case 2:
      return described.replace(/-g([0-9a-f]{14})$/, '+$1');
    default:
      return described;
  }
}

/** The minor version gets a plus if anything follows a dash. */
export function majorAndMinor(gitVersion: string): Version {
  const parts = versionParts.exec(gitVersion);
  if (parts === null) return {};
  return { gitMajor: parts[1]!, gitMinor: parts[2]! + (parts[3] === undefined ? '' : '+') };
}

/** The values of `git archive` override the environment, field by field. */
const archived = (archive: NonNullable<VersionFacts['archive']>, variables: Environment): Environment => ({
  ...variables,
  KUBE_GIT_COMMIT: archive.commit,
  KUBE_GIT_TREE_STATE: 'archive',
  ...(archive.version === undefined ? {} : { KUBE_GIT_VERSION: archive.version }),
});

function fromFile(file: Environment): Version {
  const names = {
    gitCommit: 'KUBE_GIT_COMMIT',
    gitTreeState: 'KUBE_GIT_TREE_STATE',
    gitVersion: 'KUBE_GIT_VERSION',
    gitMajor: 'KUBE_GIT_MAJOR',
    gitMinor: 'KUBE_GIT_MINOR',
  } as const;
  return Object.fromEntries(
    Object.entries(names).flatMap(([field, name]) => (file[name] ? [[field, file[name]]] : [])),
  );
}
