import { type ContainerizedTarget, whyNoContainer } from '@slipway/catalog';
import {
  type ContainerFacts,
  type Environment,
  type ExecStep,
  type Facts,
  type Failure,
  type Plan,
  type PlanResult,
  type Profile,
  type Step,
  type StepId,
  type Transport,
  unreachable,
} from '@slipway/model';
import { checkSteps } from '../check.ts';
import { containerNames, insideRoot, INSIDE_OUT_DIR } from '../container-names.ts';
import type { Containing } from '../containing.ts';
import { insideFacts } from '../inside-facts.ts';
import { outputNames } from '../names.ts';
import type { Planning } from '../planning.ts';
import { selectCross, whatWords } from '../select.ts';
import type { Version } from '../version.ts';
import { stampFlags, stampNotes, stampedVersion } from '../stamps.ts';
import {
  SYNC_IN,
  BUILD_CONTAINER,
  buildContainerStep,
  copyOutStep,
  dataContainerStep,
  engineStep,
  imageSteps,
  makeCleanStep,
  removeContainersStep,
  syncInStep,
} from '../steps/containers.ts';
import { checkOutDir, downloads, unknownCompilers } from './local.ts';
import { planBuild } from './build.ts';
import type { Part } from './part.ts';

export interface ContainerizedRequest {
  readonly target: ContainerizedTarget;
  readonly profile: Profile;
  readonly variables: Environment;
  /** What `run` runs, or the arguments of the shell. */
  readonly command: readonly string[];
  /** The base image is made here, even where one could be pulled. */
  readonly fromPackages: boolean;
  readonly transport: Transport;
  readonly always: boolean;
}

/** The containerized flow: what the local one does, wrapped in image, data container, sync and copy-out. */
export function planContainerized(request: ContainerizedRequest, facts: Facts, containers: ContainerFacts): PlanResult {
  const { target, profile, variables } = request;
  const stamped = stampedVersion(facts, profile, variables);
  const version = stamped.ok ? stamped.version : {};
  const containing = containingOf(request, facts, containers, version);
  const work = workOf(request, containing);
  const failures = [
    ...(stamped.ok ? [] : [stamped.failure]),
    ...checkOutDir(facts, containing.output),
    ...unknownCompilers(facts, variables),
    ...notInside(profile),
    ...work.failures,
  ];
  if (failures.length > 0) return { ok: false, failures };
  const steps = tellStory(target, containing, work.steps);
  const plan: Plan = {
    version: 1,
    flow: 'containerized',
    targets: [target],
    profile,
    root: facts.tree.root,
    gitVersion: version.gitVersion ?? '',
    environment: facts.environment,
    steps,
    notes: [
      ...downloads(facts),
      ...(work.steps.length === 0 ? [] : stampNotes(facts, profile, version)),
      ...work.notes,
    ],
  };
  checkSteps(plan.steps);
  return { ok: true, plan };
}

/** Verify prerequisites → build image → data container → sync in → run → copy output → remove what this run started. */
function tellStory(target: ContainerizedTarget, containing: Containing, work: readonly Step[]): Step[] {
  const environment = [engineStep(containing), ...imageSteps(containing), dataContainerStep(containing)];
  const start = buildContainerStep(containing);
  const sync = containing.transport === 'bind' ? [] : [syncInStep(containing)];
  const copyOut = copyOutStep(containing);
  const remove = (after: readonly Step[]): Step =>
    removeContainersStep(
      containing,
      after.map((step) => step.id),
    );
  switch (target) {
    case 'make-build-image':
      return [...environment];
    case 'make-clean':
      return [engineStep(containing), makeCleanStep(containing)];
    case 'copy-output':
      return [...environment, start, { ...copyOut, needs: [BUILD_CONTAINER] }, remove([copyOut])];
    case 'cross-in-a-container': {
      const inside = work.map((step) => inTheirPlace(step, sync.length > 0 ? SYNC_IN : BUILD_CONTAINER));
      return [...environment, start, ...sync, ...inside, remove([start, ...sync, ...inside])];
    }
    case 'run':
    case 'shell': {
      const inside = work.map((step) => inTheirPlace(step, sync.length > 0 ? SYNC_IN : BUILD_CONTAINER));
      const wanted = copiesOut(target, containing) && sync.length > 0;
      const copy = wanted ? [{ ...copyOut, needs: inside.map((step) => step.id) }] : [];
      return [...environment, start, ...sync, ...inside, ...copy, remove([start, ...sync, ...inside, ...copy])];
    }
    default:
      return unreachable(target);
  }
}

/** As the scripts have it: what a command made comes back unless told otherwise, what a shell made only when told. */
const copiesOut = (target: ContainerizedTarget, { inside }: Containing): boolean =>
  (inside.variables['KUBE_RUN_COPY_OUTPUT'] || (target === 'run' ? 'y' : 'n')).toLowerCase() === 'y';

/** What runs in the container waits for the tree to be there. */
const inTheirPlace = (step: Step, ready: StepId): Step =>
  step.kind === 'exec' && step.inside !== undefined ? { ...step, needs: [ready, ...step.needs] } : step;

function containingOf(
  { variables, profile, fromPackages, transport, always, target }: ContainerizedRequest,
  facts: Facts,
  containers: ContainerFacts,
  version: Version,
): Containing {
  const names = containerNames(facts, containers);
  const output = outputNames(variables, 'dockerized');
  const host: Planning = {
    facts,
    profile,
    variables,
    names: output,
    stamps: stampFlags(facts.tree.stamps, version),
    gitVersion: version.gitVersion ?? 'v0.0.0',
    goFlags: [],
  };
  const seen = insideFacts(facts);
  return {
    facts,
    containers,
    names,
    output,
    inside: {
      ...host,
      facts: seen,
      names: outputNames({ OUT_DIR: INSIDE_OUT_DIR }, 'dockerized'),
      container: { name: names.build, user: containers.user, image: names.image, host },
    },
    pull: fromPackages ? undefined : registryImage(variables, containers),
    transport,
    cgroupParent: variables['DOCKER_CGROUP_PARENT'] || undefined,
    always: always && target === 'make-build-image',
  };
}

/** Only what somebody named is pulled: the registry a tree's scripts have in them may be out of reach, or not be trusted. */
function registryImage(variables: Environment, { version }: ContainerFacts): string | undefined {
  const registry = variables['KUBE_BASE_IMAGE_REGISTRY'];
  const image = variables['KUBE_CROSS_IMAGE'] || (registry ? `${registry}/kube-cross` : undefined);
  const tag = variables['KUBE_CROSS_VERSION'] || version.cross || 'latest';
  return image === undefined ? undefined : `${image}:${tag}`;
}

/** The scripts' own flags carry the path of their tree, which is another one inside. */
function notInside(profile: Profile): Failure[] {
  if (profile !== 'make') return [];
  return [
    {
      code: 'BAD_USAGE',
      fact: "profile make is the tree's own build, which slipway does on this machine only",
      hint: "slipway run -- make, which is the tree's own make in the container, or --profile release",
    },
  ];
}

/** What is done in the container. */
function workOf(request: ContainerizedRequest, containing: Containing): Part {
  const { inside } = containing;
  switch (request.target) {
    case 'make-build-image':
    case 'make-clean':
    case 'copy-output':
      return { steps: [], failures: [], notes: [] };
    case 'cross-in-a-container':
      return planBuild([selectCross(inside.facts, inside.variables, whatWords(inside.variables))], inside);
    case 'run':
      return { steps: [commandStep(request, request.command, containing)], failures: noCommand(request), notes: [] };
    case 'shell':
      return { steps: [commandStep(request, ['bash', ...request.command], containing)], failures: [], notes: [] };
    default:
      return unreachable(request.target);
  }
}

const noCommand = ({ command }: ContainerizedRequest): Failure[] =>
  command.length > 0
    ? []
    : [{ code: 'BAD_USAGE', fact: 'run needs a command to run', hint: 'slipway run -- make WHAT=cmd/kubectl' }];

/** Any command, attached to where slipway itself prints. */
function commandStep(
  { variables }: ContainerizedRequest,
  argv: readonly string[],
  { facts, containers, names, inside }: Containing,
): ExecStep {
  const root = insideRoot(facts.tree.goPackage);
  return {
    kind: 'exec',
    id: 'command' as StepId,
    title: `run ${argv.join(' ')}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'go',
    argv,
    cwd: root,
    env: { ...inside.facts.environment, ...versionVariables(facts), ...ofScripts(variables) },
    unset: [],
    scratch: undefined,
    memory: 0,
    inside: { container: names.build, user: containers.user, fetch: [], attached: true },
  };
}

/** There is no git directory inside: the scripts are told what git says here. */
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

/** Every build variable that was given, and where the scripts put results in a container. */
const ofScripts = (variables: Environment): Environment => ({
  KUBE_OUTPUT_SUBPATH: '_output/dockerized',
  ...Object.fromEntries(Object.entries(variables).filter(([name]) => whyNoContainer[name] === undefined)),
});
