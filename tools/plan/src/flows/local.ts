import {
  type Cluster,
  type Environment,
  type Facts,
  type Plan,
  type PlanResult,
  type Profile,
  type Step,
  type TestChoice,
} from '@slipway/model';
import { NO_STEPS } from './plan-fragment.ts';
import { needProducers } from './release.ts';
import { checkSteps } from '../check.ts';
import { checkOutDir } from '../check-out-dir.ts';
import { outputNames } from '../names.ts';
import type { Planning } from '../planning.ts';
import { stampFlags, stampNotes, stampedVersion, unstamped } from '../stamps.ts';
import type { Version } from '../version.ts';
import { hostPlace, remotePlace } from '../places.ts';
import { beforeSteps } from '../steps/before.ts';
import { nameMaterials } from '../steps/provenance.ts';
import {
  type Goal,
  builds,
  compiles,
  generatesFirst,
  linkNotes,
  linksAlike,
  packages,
  goNotes,
  inOrder,
  phases,
  planGeneration,
  planPhase,
  unknownCompilers,
} from './goals.ts';

export interface LocalRequest {
  readonly goals: readonly Goal[];
  readonly profile: Profile;
  readonly variables: Environment;
  readonly testing?: TestChoice | undefined;
  /** A cluster that builds. */
  readonly cluster?: Cluster | undefined;
  readonly moveTags?: boolean;
  readonly allowMissing?: boolean;
}

/** The local flow: all steps run on this machine. */
export function planLocal(request: LocalRequest, facts: Facts): PlanResult {
  const stamped = stampedVersion(facts, request.profile, request.variables);
  const version = stamped.ok ? stamped.version : {};
  const planning: Planning = {
    facts,
    profile: request.profile,
    variables: request.variables,
    moveTags: request.moveTags,
    allowMissing: request.allowMissing,
    names: outputNames(request.variables),
    gitVersion: version.gitVersion ?? 'v0.0.0',
    stamps: stampFlags(facts.tree.stamps, version),
    goFlags: [],
    testing: request.testing,
    cluster: request.cluster,
    linkedAlike: linksAlike(request.goals, facts),
    place: 'host',
  };
  const parts = phases(request.goals).flatMap((goals) => [
    ...(compiles(goals) ? [{ ...NO_STEPS, steps: beforeSteps(planning) }] : []),
    ...(generatesFirst(goals, planning) ? [planGeneration(planning)] : []),
    planPhase(goals, planning),
  ]);
  const stamping = request.goals.some(builds);
  const failures = [
    ...(stamped.ok || !stamping ? [] : [stamped.failure]),
    ...(stamping && !request.allowMissing ? unstamped(facts, request.profile, version) : []),
    ...checkOutDir(facts, planning.names),
    ...unknownCompilers(facts, request.variables),
    ...parts.flatMap((part) => part.failures),
  ];
  if (failures.length > 0) return { ok: false, failures };
  const plan: Plan = {
    version: 1,
    flow: 'local',
    targets: request.goals.map((goal) => ('target' in goal ? goal.target : goal.command)),
    profile: request.profile,
    root: facts.tree.root,
    gitVersion: heading(request.goals, facts, version),
    environment: facts.environment,
    places: {
      host: hostPlace(facts, planning.names),
      ...(request.cluster === undefined ? {} : { remote: remotePlace(facts, request.cluster, request.profile) }),
    },
    steps: needProducers(nameMaterials(keepLock(inOrder(parts.map((part) => part.steps))))),
    notes: [
      ...goNotes(facts),
      ...(stamping ? [...linkNotes(planning), ...stampNotes(facts, request.profile, version)] : []),
      ...parts.flatMap((part) => part.notes),
    ],
  };
  checkSteps(plan.steps);
  return { ok: true, plan };
}

/** The version that is stamped or packaged. Binaries of a tree without version variables have none. */
const heading = (goals: readonly Goal[], { tree }: Facts, { gitVersion = '' }: Version): string =>
  tree.stamps.some(({ flag }) => flag.includes('@gitVersion@')) || goals.some(packages) ? gitVersion : '';

/** Steps after a `clean` run under the same lock. */
const keepLock = (steps: readonly Step[]): Step[] =>
  steps.map((step, index) =>
    step.kind === 'remove' && step.lock !== undefined && index < steps.length - 1
      ? { ...step, lock: { ...step.lock, stays: true } }
      : step,
  );
