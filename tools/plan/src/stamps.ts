import {
  type Environment,
  type Facts,
  type Failure,
  type PlanNote,
  type Profile,
  type StampFlag,
  buildSeconds,
} from '@slipway/model';
import { type Version, computeVersion, majorAndMinor, withoutModule } from './version.ts';

export type StampResult =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly failure: Failure };

/** The stamps of a profile, including `buildDate`. */
export function stampedVersion(facts: Facts, profile: Profile, variables: Environment): StampResult {
  const result = versionOf(facts, profile, variables);
  if (!result.ok) return result;
  const { gitVersion } = result.version;
  const derived = {
    goVersion: `go${facts.toolchain.version}`,
    ...(gitVersion === undefined ? {} : { gitNumber: gitVersion.replace(/^v/, '') }),
  };
  return { ok: true, version: { ...derived, ...result.version } };
}

function versionOf(facts: Facts, profile: Profile, variables: Environment): StampResult {
  if (profile === 'dev') return { ok: true, version: developmentVersion(facts, variables) };
  const asScripts = profile === 'make' && facts.tree.source === 'hack/lib/golang.sh';
  const result = computeVersion({ ...facts, archive: facts.tree.archive, asScripts }, variables);
  if (!result.ok) return result;
  const seconds = buildSeconds({ ...facts, profile, variables });
  const buildDate = seconds === undefined ? {} : { buildDate: formatDate(seconds) };
  const gitBranch = facts.git.branch === undefined ? {} : { gitBranch: facts.git.branch };
  return { ok: true, version: { ...buildDate, ...gitBranch, ...result.version, ...asked(facts, variables) } };
}

/** The values of the tree's own Makefile. A version that the user gives overrides them. */
function asked({ asked: values = {} }: Facts, variables: Environment): Version {
  const isGiven = (variable: string): boolean =>
    Boolean(variables['KUBE_GIT_VERSION']) && conventional(variable) === 'gitVersion';
  const named = Object.entries(values).filter(([variable]) => !isGiven(variable));
  return Object.fromEntries(named.map(([variable, value]) => [`asked:${variable}`, value]));
}

/** `m/version.gitVersion` → `gitVersion` */
const conventional = (variable: string): string => variable.slice(variable.lastIndexOf('.') + 1);

/** The linker's -X flags in the tree's order. A flag with an unknown value is left out. */
export const stampFlags = (flags: readonly StampFlag[], version: Version): string => filled(flags, version).join(' ');

function filled(flags: readonly StampFlag[], version: Version): string[] {
  const values: Readonly<Record<string, string | undefined>> = { ...version };
  return flags.flatMap(({ name, flag }) => {
    // If the Makefile was not asked, well-known names get their usual values; in profile dev the nearest tag.
    const valueOf = (word: string): string | undefined =>
      values[word] ?? (word.startsWith('asked:') ? values[name] : undefined);
    const words = [...flag.matchAll(placeholder)].map(([, word]) => word!);
    const rests = words.length > 0 || name === 'text' ? words : [name];
    if (rests.some((word) => valueOf(word) === undefined)) return [];
    return [flag.replaceAll(placeholder, (_whole, word: string) => valueOf(word)!)];
  });
}

const placeholder =
  /@(buildDate|goVersion|git(?:Version|Number|Branch|Describe|Major|Minor|Commit|ShortCommit|TreeState)|asked:[^@]+)@/g;

/** The effective values, by variable. */
export const stampedVariables = (
  flags: readonly StampFlag[],
  version: Version,
): { readonly variable: string; readonly value: string }[] =>
  filled(flags, version).flatMap((flag) => {
    const [, variable, value] = /^-X[ =]['"]?([^=]+)=([\s\S]*?)['"]?$/.exec(flag) ?? [];
    return variable === undefined ? [] : [{ variable, value: value! }];
  });

/** Why a tree with version variables gets no version. The build continues, with a note. */
export function stampNotes({ git, tree }: Facts, profile: Profile, { gitVersion, gitCommit }: Version): PlanNote[] {
  if (tree.stamps.length === 0 || gitVersion !== undefined) return [];
  const note = (why: string): PlanNote[] => [{ what: 'gitVersion', why }];
  if (git.installed === false)
    return note('git is not installed (apt-get install git); KUBE_GIT_VERSION=vX.Y.Z stamps one');
  if ((git.commit ?? gitCommit ?? tree.archive) === undefined)
    return note('git knows no commit here (git status says why); KUBE_GIT_VERSION=vX.Y.Z stamps one');
  if (git.shallow)
    return note(
      'this clone is shallow and reaches no tag (git fetch --unshallow --tags); KUBE_GIT_VERSION=vX.Y.Z stamps one',
    );
  return profile === 'dev'
    ? []
    : note('no tag is reached from this commit (git tag vX.Y.Z); KUBE_GIT_VERSION=vX.Y.Z stamps one');
}

/** A release without a traceable source fails. */
export function unstamped({ git, tree }: Facts, profile: Profile, { gitVersion, gitCommit }: Version): Failure[] {
  if (profile === 'release' && tree.unasked !== undefined)
    return [
      {
        code: 'UNSUPPORTED_TREE',
        fact: `${tree.unasked}, and a release needs its answer`,
        hint: 'install the programs it calls; or list the commands as sets in slipway.config.ts; or go on without: --allow-missing',
      },
    ];
  if (profile !== 'release' || tree.stamps.length === 0 || gitVersion !== undefined) return [];
  if (git.installed === false)
    return [
      {
        code: 'TOOL_MISSING',
        tool: 'git',
        why: 'profile release stamps the version and the commit from git',
        hint: 'apt-get install git; or set KUBE_GIT_VERSION=vX.Y.Z; or go on without: --allow-missing',
      },
    ];
  if ((git.commit ?? gitCommit ?? tree.archive) !== undefined) return [];
  return [
    {
      code: 'UNSUPPORTED_TREE',
      fact: `git knows no commit in ${tree.root}, and profile release stamps the version and the commit`,
      hint: 'git status shows the reason; set KUBE_GIT_VERSION=vX.Y.Z; or go on without: --allow-missing',
    },
  ];
}

/**
 * Only the nearest tag, marked as not a release. It changes with each tag, not with each commit. A version from the
 * user overrides it, as in the other profiles.
 */
function developmentVersion(facts: Facts, variables: Environment): Version {
  const given = variables['KUBE_GIT_VERSION'] || facts.versionFile?.['KUBE_GIT_VERSION'];
  const tag = facts.tree.archive?.version ?? facts.git.nearestTag;
  const gitVersion = given || (tag === undefined ? undefined : `${withoutModule(tag)}-dev`);
  if (gitVersion === undefined) return {};
  const fields: Version = { gitVersion, ...majorAndMinor(gitVersion) };
  return fields;
}

/** UTC as `YYYY-MM-DDTHH:MM:SSZ`, to the second. */
const formatDate = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
