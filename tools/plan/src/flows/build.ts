import type { Command, Environment, ExecStep, Failure, Linkage, Platform, Step, StepId, Tree } from '@slipway/model';
import { missingCompilers } from '../compilers.ts';
import { nameClashes } from '../name-clashes.ts';
import { unknownFlags } from '../given-flags.ts';
import { linkageOf } from '../linkage.ts';
import type { Planning } from '../planning.ts';
import { callsAsTree, throughGopath } from '../profile.ts';
import { hereNotes, partsFor, partsOf, spreadNote, unsupportedRemotely, whyHere } from '../remote.ts';
import type { Selecting, Selection } from '../select.ts';
import { goBuildStep } from '../steps/go-build.ts';
import type { GoBuildGroup } from '../steps/go-group.ts';
import { ignoreStep } from '../steps/ignore.ts';
import { GOPATH_LINK, gopathLinkStep, hostLinkStep } from '../steps/links.ts';
import { publishStep } from '../steps/publish.ts';
import type { PlanFragment } from './plan-fragment.ts';

/**
 * The binaries of all selected commands: one Go call for each platform, linkage and module, then a copy to their
 * places.
 */
export function planBuild(selectings: readonly Selecting[], planning: Planning): PlanFragment {
  const commands = merge(selectings.map(({ selection }) => selection));
  const failures = [
    ...selectings.flatMap((each) => each.failures),
    ...unknownFlags(planning.variables),
    ...nameClashes(commands.values()),
    ...missingCompilers(commands, planning),
    ...unsupportedCoverage(planning),
    ...unsupportedPath(planning),
    ...unsupportedRemotely(planning),
  ];
  if (failures.length > 0) return { steps: [], failures, notes: [] };
  const building: Planning = { ...planning, goFlags: selectings[0]?.selection.goFlags ?? [] };
  const linked = throughGopath(planning.profile, planning.facts);
  const groups = new Map([...commands].map(([platform, list]) => [platform, groupCommands(platform, list, building)]));
  const here = new Map<string, string>();
  const spread = { planning: building, groups: [...groups.values()].flat().length, here };
  const steps = [...groups.values()].flatMap((each) => platformSteps(each, spread, linked));
  const published = steps
    .filter((step) => step.kind === 'copy' && step.id.includes(`:${planning.facts.machine.platform}:`))
    .map((step) => step.id);
  const isHere = planning.place === 'host' && commands.has(planning.facts.machine.platform);
  const host = isHere ? [{ ...hostLinkStep(building), after: published }] : [];
  return {
    steps: [ignoreStep(building), ...(linked ? [gopathLinkStep(building)] : []), ...steps, ...host],
    failures: [],
    notes: [
      ...selectings.flatMap((each) => each.notes),
      ...(planning.cluster === undefined ? [] : [...spreadNote(steps, planning.cluster), ...hereNotes(here)]),
    ],
  };
}

/**
 * On this machine, groups of one platform run one after the other. In parallel they would compile shared packages
 * twice.
 */
function platformSteps(groups: readonly GoBuildGroup[], spread: Spread, linked: boolean): Step[] {
  const steps: Step[] = [];
  let previous: StepId[] = [];
  for (const group of groups) {
    const needs = linked ? [GOPATH_LINK] : [];
    const parts = partsInPlaces(group, spread);
    for (const { part, step } of parts) {
      const after = step.place === 'remote' ? [] : previous;
      steps.push({ ...step, needs, after }, ...(part.compileOnly ? [] : [publishStep(part, step.id, spread.planning)]));
      if (step.place !== 'remote') previous = [step.id];
    }
  }
  return steps;
}

interface Spread {
  readonly planning: Planning;
  /** The number of groups on all platforms. */
  readonly groups: number;
  /** Output: the reasons why steps stay here although there is a cluster, by step title. */
  readonly here: Map<string, string>;
}

/** A group as one step on this machine, or as several parts for a cluster. */
function partsInPlaces(
  group: GoBuildGroup,
  { planning, groups, here }: Spread,
): { part: GoBuildGroup; step: ExecStep }[] {
  const { cluster } = planning;
  const id = groupId(group);
  const whole = goBuildStep(group, id, planning);
  if (cluster === undefined) return [{ part: group, step: whole }];
  const why = whyHere(whole, group, planning);
  if (why !== undefined) {
    here.set(whole.title, why);
    return [{ part: group, step: whole }];
  }
  const parts = partsOf(group, partsFor(cluster, groups, group.commands.length));
  return parts.map((part, index) => {
    const own = parts.length === 1 ? id : (`${id}:part ${index + 1} of ${parts.length}` as StepId);
    return { part, step: { ...goBuildStep(part, own, planning), place: 'remote' } };
  });
}

const linkageOrder: readonly Linkage[] = ['static', 'cgo', 'test'];

/**
 * One group for each linkage and module. Static and cgo commands never share one, because that changes the bytes of the
 * static commands.
 */
function groupCommands(
  platform: Platform,
  commands: readonly Command[],
  { facts, variables }: Planning,
): GoBuildGroup[] {
  const groups = new Map<string, GoBuildGroup>();
  for (const command of commands) {
    const linkage = linkageOf(command, platform, { tree: facts.tree, variables, host: facts.machine.platform });
    const compileOnly = command.kind === 'library';
    const cover = isCovered(command, facts.tree, variables);
    const key = [
      linkageOrder.indexOf(linkage),
      cover,
      compileOnly,
      command.moduleDir,
      linkage === 'test' || standsAlone(command) ? command.target : '',
    ].join(' ');
    const group = groups.get(key) ?? {
      platform,
      linkage,
      commands: [],
      moduleDir: command.moduleDir,
      compileOnly,
      cover,
      ...(standsAlone(command) ? { own: command.own ?? {} } : {}),
    };
    groups.set(key, { ...group, commands: [...group.commands, command] });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, group]) => group);
}

/**
 * Reports whether the command needs its own Go call: it has its own flags, variables, or a name that Go would not give
 * it.
 */
const standsAlone = ({ renamed, own: { tags, ldflags, env } = {} }: Command): boolean =>
  renamed === true || [tags, ldflags, env].some((each) => each !== undefined);

/** The components that the tree names; in a tree without such names, every command. */
function isCovered(command: Command, tree: Tree, variables: Environment): boolean {
  if (!variables['KUBE_BUILD_WITH_COVERAGE'] || command.kind !== 'main') return false;
  return tree.coveragePackages.length === 0 || tree.coveragePackages.includes(command.importPath);
}

function groupId(group: GoBuildGroup): StepId {
  const parts = ['go-build', group.platform, group.linkage];
  if (group.linkage === 'test' || group.own !== undefined) parts.push(group.commands[0]!.name);
  if (group.cover) parts.push('coverage');
  if (group.compileOnly) parts.push('compile');
  if (group.moduleDir !== '.') parts.push(group.moduleDir);
  return parts.join(':') as StepId;
}

function merge(selections: readonly Selection[]): Map<Platform, Command[]> {
  const merged = new Map<Platform, Command[]>();
  for (const [platform, commands] of selections.flatMap((selection) => [...selection.commands])) {
    const list = merged.get(platform) ?? [];
    const isNew = (command: Command): boolean =>
      !list.some((other) => other.importPath === command.importPath && other.name === command.name);
    merged.set(platform, [...list, ...commands.filter(isNew)]);
  }
  return merged;
}

/** The scripts instrument code by writing a test file into the source. Slipway never writes into the source. */
function unsupportedCoverage({ profile, facts, variables }: Planning): Failure[] {
  if (!callsAsTree(profile, facts) || !facts.tree.fakeGopath || !variables['KUBE_BUILD_WITH_COVERAGE']) return [];
  return [
    {
      code: 'UNSUPPORTED_TREE',
      fact: "KUBE_BUILD_WITH_COVERAGE uses Go's own coverage, and profile make cannot do what the tree's scripts do for it",
      hint: 'slipway all --profile dev KUBE_BUILD_WITH_COVERAGE=y, then run the binary with GOCOVERDIR=DIR',
    },
  ];
}

/** The scripts put the path of the tree into flag lists that Go splits at spaces. */
function unsupportedPath({ profile, facts }: Planning): Failure[] {
  const { root, fakeGopath } = facts.tree;
  if (profile !== 'make' || !fakeGopath || !/\s/.test(root)) return [];
  return [
    {
      code: 'UNSUPPORTED_TREE',
      fact: `profile make, as the tree's scripts, cannot build in ${root}: Go splits their flags at its spaces`,
      hint: 'take --profile release, or move the tree to a path without spaces',
    },
  ];
}
