import { type ContainerizedTarget, eitherWay, findTarget } from '@slipway/catalog';
import {
  type ContainerFacts,
  type Environment,
  type ExecStep,
  type Facts,
  type Failure,
  HOLES,
  type Plan,
  type PlanResult,
  type Profile,
  type Sender,
  type Step,
  type StepId,
  type Transport,
} from '@slipway/model';
import { checkOutDir } from '../check-out-dir.ts';
import { checkSteps } from '../check.ts';
import { containerNames } from '../container-names.ts';
import type { Containing } from '../containing.ts';
import { containerPlace, hostPlace, insideFacts } from '../places.ts';
import { outputNames } from '../names.ts';
import type { Planning } from '../planning.ts';
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
  syncBinariesStep,
  syncInSteps,
} from '../steps/containers.ts';
import { nameMaterials } from '../steps/provenance.ts';
import { scriptVariables } from '../steps/script-variables.ts';
import {
  type Goal,
  goNotes,
  generatesFirst,
  linkNotes,
  linksAlike,
  inOrder,
  planArtifacts,
  planGeneration,
  unknownCompilers,
} from './goals.ts';
import { NO_STEPS, type PlanFragment, joined } from './plan-fragment.ts';
import { needProducers } from './release.ts';

export interface ContainerizedRequest {
  readonly target: ContainerizedTarget;
  readonly profile: Profile;
  readonly variables: Environment;
  /** What `run` runs, or the arguments of the shell. */
  readonly command: readonly string[];
  /** The base image is made here, even where one could be pulled. */
  readonly fromPackages: boolean;
  /** Undefined: chosen here. */
  readonly sync: Transport | undefined;
  readonly always: boolean;
}

/** The containerized flow: what the local one does, wrapped in image, data container, sync and copy-out; packaging follows here. */
export function planContainerized(request: ContainerizedRequest, facts: Facts, containers: ContainerFacts): PlanResult {
  const { target, profile, variables } = request;
  const stamped = stampedVersion(facts, profile, variables);
  const version = stamped.ok ? stamped.version : {};
  const containing = containingOf(request, facts, containers, version);
  const { host } = containing;
  const goal = goalOf(target);
  const generation = goal !== undefined && generatesFirst([goal], host) ? planGeneration(host) : NO_STEPS;
  const { work, packaging } = workOf(request, containing);
  const parts = joined(generation, work, packaging);
  const failures = [
    ...(stamped.ok ? [] : [stamped.failure]),
    ...checkOutDir(facts, containing.output),
    ...unknownCompilers(facts, variables),
    ...notInside(request),
    ...workFileOutside(facts),
    ...notBound(request, containers),
    ...parts.failures,
  ];
  if (failures.length > 0) return { ok: false, failures };
  const story = [...tellStory(target, containing, work.steps), ...packaging.steps];
  const plan: Plan = {
    version: 1,
    flow: 'containerized',
    targets: [target],
    profile,
    root: facts.tree.root,
    gitVersion: version.gitVersion ?? '',
    environment: facts.environment,
    places: { host: hostPlace(facts, containing.output), container: containing.place },
    steps: needProducers(nameMaterials(inOrder([generation.steps, story]))),
    notes: [
      ...goNotes(facts),
      ...(goal === undefined ? [] : linkNotes(host)),
      ...(parts.steps.length === 0 ? [] : stampNotes(facts, profile, version)),
      ...parts.notes,
    ],
  };
  checkSteps(plan.steps);
  return { ok: true, plan };
}

/** What a target that builds comes to on this machine; undefined for one that does not. */
export function goalOf(target: ContainerizedTarget): Goal | undefined {
  const row = findTarget(target);
  if (row?.kind === 'build') return { target: row.name };
  return row !== undefined && 'as' in row ? { target: row.as } : undefined;
}

/** Verify prerequisites → build image → data container → sync in → run → copy output → remove what this run started. */
function tellStory(target: ContainerizedTarget, containing: Containing, work: readonly Step[]): Step[] {
  const environment = [engineStep(containing), ...imageSteps(containing), dataContainerStep(containing)];
  const start = buildContainerStep(containing);
  const sync = containing.bound ? [] : syncInSteps(containing);
  const ready = sync.length > 0 ? SYNC_IN : BUILD_CONTAINER;
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
    case 'package-tarballs':
      return [...work];
    default: {
      const inside = inTheirPlace(work, ready, containing);
      const wanted = copiesOut(target, containing) && sync.length > 0;
      const copy = wanted ? [{ ...copyOut, needs: inside.map((step) => step.id) }] : [];
      const there = [start, ...sync, ...inside.filter(isInside), ...copy];
      return [...environment, start, ...sync, ...inside, ...copy, remove(there)];
    }
  }
}

/** As the scripts have it: what a command made comes back unless told otherwise, what a shell made only when told. */
const copiesOut = (target: ContainerizedTarget, { inside }: Containing): boolean =>
  (target === 'run' || target === 'shell') &&
  (inside.variables['KUBE_RUN_COPY_OUTPUT'] || (target === 'run' ? 'y' : 'n')).toLowerCase() === 'y';

/** What runs in the container waits for the tree to be there, and what runs binaries for those. */
function inTheirPlace(work: readonly Step[], ready: StepId, containing: Containing): Step[] {
  const published = work.filter((step) => step.kind === 'copy').map((step) => step.id);
  const binaries = syncBinariesStep(containing, [ready, ...published]);
  const first = work.findIndex(runsBinaries);
  const placed = work.map((step) => {
    const needed = [ready, ...step.needs, ...(runsBinaries(step) ? [binaries.id] : [])];
    return isInside(step) ? { ...step, needs: needed } : step;
  });
  return first === -1 ? placed : placed.toSpliced(first, 0, binaries);
}

const isInside = (step: Step): boolean => (step.kind === 'exec' && step.place === 'container') || step.kind === 'sync';

const runsBinaries = (step: Step): boolean => step.kind === 'exec' && step.env['KUBE_TEST_BIN_DIR'] !== undefined;

function containingOf(
  { variables, profile, fromPackages, sync, always, target }: ContainerizedRequest,
  facts: Facts,
  containers: ContainerFacts,
  version: Version,
): Containing {
  const pull = fromPackages ? undefined : registryImage(variables, containers);
  const names = containerNames(facts, containers, pull);
  const output = outputNames(variables, 'dockerized');
  const host: Planning = {
    facts,
    profile,
    variables,
    names: output,
    stamps: stampFlags(facts.tree.stamps, version),
    gitVersion: version.gitVersion ?? 'v0.0.0',
    goFlags: [],
    linkedAlike: [goalOf(target)].some((goal) => goal !== undefined && linksAlike([goal], facts)),
    place: 'host',
  };
  return {
    facts,
    containers,
    names,
    output,
    host,
    inside: { ...host, facts: insideFacts(facts), place: 'container' },
    place: containerPlace(facts, containers.user, names),
    pull,
    bound: sync === 'bind',
    senders: sendersOf(sync, variables),
    cgroupParent: variables['DOCKER_CGROUP_PARENT'] || undefined,
    instead: insteadOf(target),
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
function notInside({ profile, target }: ContainerizedRequest): Failure[] {
  if (profile !== 'make') return [];
  const instead = insteadOf(target);
  return [
    {
      code: 'BAD_USAGE',
      fact: "profile make is the tree's own build, which slipway does on this machine only",
      hint: `slipway run -- make, which is the tree's own make in the container, or --profile release${instead === undefined ? '' : `, or ${instead} --profile make`}`,
    },
  ];
}

/** Only the tree is sent into the container. */
const workFileOutside = ({ tree, environment }: Facts): Failure[] =>
  !environment['GOWORK'] || tree.workFile === undefined || tree.workFile.startsWith(`${tree.root}/`)
    ? []
    : [
        {
          code: 'GO_SETTING',
          setting: `GOWORK=${environment['GOWORK']}`,
          why: 'it lies outside the tree, and nothing outside the tree is in the build container',
          hint: 'move it into the tree, or build on this machine',
        },
      ];

/** Who asks for rsync by its variables gets it where it can be had; a tar can be had everywhere. */
function sendersOf(sync: Transport | undefined, variables: Environment): Sender[] {
  if (sync !== undefined && sync !== 'bind') return [sync];
  const asksForRsync = Boolean(variables['KUBE_RSYNC_PORT'] || variables['KUBE_RSYNC_COMPRESS']);
  return asksForRsync ? ['rsync', 'rsync-exec', 'tar'] : ['tar'];
}

/** The disk an engine binds is that of its own machine. */
const notBound = ({ sync }: ContainerizedRequest, { remote }: ContainerFacts): Failure[] =>
  sync === 'bind' && remote
    ? [
        {
          code: 'NO_TRANSPORT',
          transport: sync,
          fact: 'the engine is on another machine, which does not have this tree',
          hint: 'leave --sync out: the tree is sent then',
        },
      ]
    : [];

/** The command that builds the same without an engine. */
function insteadOf(target: ContainerizedTarget): string | undefined {
  const goal = goalOf(target);
  if (goal === undefined || !('target' in goal)) return undefined;
  return `slipway ${goal.target}${eitherWay.includes(goal.target) ? ' --without-docker' : ''}`;
}

/** What is done in the container, and what is made of that here. */
function workOf(
  request: ContainerizedRequest,
  containing: Containing,
): { work: PlanFragment; packaging: PlanFragment } {
  const { inside, host } = containing;
  const goal = goalOf(request.target);
  if (goal !== undefined) return planArtifacts([goal], { building: inside, packing: host });
  const work = (argv: readonly string[], failures: readonly Failure[] = []) => ({
    work: { steps: [commandStep(request, argv, containing)], failures, notes: [] },
    packaging: NO_STEPS,
  });
  if (request.target === 'run') return work(request.command, noCommand(request));
  if (request.target === 'shell') return work(['bash', ...request.command]);
  return { work: NO_STEPS, packaging: NO_STEPS };
}

const noCommand = ({ command }: ContainerizedRequest): Failure[] =>
  command.length > 0
    ? []
    : [{ code: 'BAD_USAGE', fact: 'run needs a command to run', hint: 'slipway run -- make WHAT=cmd/kubectl' }];

/** Any command, attached to where slipway itself prints. */
function commandStep({ variables }: ContainerizedRequest, argv: readonly string[], { facts }: Containing): ExecStep {
  return {
    kind: 'exec',
    ...{ place: 'container', attached: true },
    id: 'command' as StepId,
    title: `run ${argv.join(' ')}`,
    needs: [],
    after: [],
    outputs: [],
    pool: 'go',
    argv,
    cwd: HOLES.root,
    env: scriptVariables(facts, variables),
    unset: [],
    scratch: undefined,
    memory: 0,
  };
}
