import type { ContainerizedTarget } from '@slipway/catalog';
import {
  type ContainerFacts,
  type ExecStep,
  type Facts,
  type Failure,
  HOLES,
  type Plan,
  type PlanResult,
  type Step,
  type StepId,
} from '@slipway/model';
import { checkOutDir } from '../check-out-dir.ts';
import { checkSteps } from '../check.ts';
import type { Containing } from '../containing.ts';
import { hostPlace } from '../places.ts';
import { stampNotes, stampedVersion, unstamped } from '../stamps.ts';
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
import { type ContainerizedRequest, containingOf, goalOf } from './containerized-request.ts';
import { noCommand, refusedInContainers } from './refused-in-containers.ts';
import {
  goNotes,
  generatesFirst,
  linkNotes,
  inOrder,
  planArtifacts,
  planGeneration,
  unknownCompilers,
} from './goals.ts';
import { NO_STEPS, type PlanFragment, joined } from './plan-fragment.ts';
import { needProducers } from './release.ts';

/**
 * The containerized flow: the local flow, wrapped in image, data container, sync and copy-out. Packaging runs on this
 * machine afterwards.
 */
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
    ...(parts.steps.length === 0 || request.allowMissing ? [] : unstamped(facts, profile, version)),
    ...checkOutDir(facts, containing.output),
    ...unknownCompilers(facts, variables),
    ...refusedInContainers(request, facts, containers),
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

/** Verify prerequisites → build image → data container → sync in → run → copy output → remove this run's containers. */
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

/**
 * As in the scripts: a command's outputs are copied back unless the user says no, a shell's only if the user says yes.
 */
const copiesOut = (target: ContainerizedTarget, { inside }: Containing): boolean =>
  (target === 'run' || target === 'shell') &&
  (inside.variables['KUBE_RUN_COPY_OUTPUT'] || (target === 'run' ? 'y' : 'n')).toLowerCase() === 'y';

/** Steps in the container wait for the sync of the tree, and steps that run binaries wait for the binaries. */
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

/** The steps in the container, and the steps on this machine that use their outputs. */
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

/** Any command, attached to slipway's own terminal. */
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
