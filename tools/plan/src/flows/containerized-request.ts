import { type ContainerizedTarget, eitherWay, findTarget } from '@slipway/catalog';
import type { ContainerFacts, Environment, Facts, Profile, Sender, Transport } from '@slipway/model';
import { containerNames } from '../container-names.ts';
import type { Containing } from '../containing.ts';
import { outputNames } from '../names.ts';
import { containerPlace, insideFacts } from '../places.ts';
import type { Planning } from '../planning.ts';
import { stampFlags } from '../stamps.ts';
import type { Version } from '../version.ts';
import { type Goal, linksAlike } from './goals.ts';

/** The request of a run in containers. */
export interface ContainerizedRequest {
  readonly target: ContainerizedTarget;
  readonly profile: Profile;
  readonly variables: Environment;
  /** The command of `run`, or the arguments of the shell. */
  readonly command: readonly string[];
  /** Profile release continues without git. */
  readonly allowMissing?: boolean;
  /** Build the base image here, even if it could be pulled. */
  readonly fromPackages: boolean;
  /** Undefined: slipway chooses. */
  readonly sync: Transport | undefined;
  readonly always: boolean;
}

/** The local equivalent of a target that builds; undefined for other targets. */
export function goalOf(target: ContainerizedTarget): Goal | undefined {
  const row = findTarget(target);
  if (row?.kind === 'build') return { target: row.name };
  return row !== undefined && 'as' in row ? { target: row.as } : undefined;
}

/** The common inputs of all steps of one containerized run: names, places, and the request's settings. */
export function containingOf(
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

/**
 * Slipway pulls only an image that the user named. The registry in a tree's scripts may be unreachable or untrusted.
 */
function registryImage(variables: Environment, { version }: ContainerFacts): string | undefined {
  const registry = variables['KUBE_BASE_IMAGE_REGISTRY'];
  const image = variables['KUBE_CROSS_IMAGE'] || (registry ? `${registry}/kube-cross` : undefined);
  const tag = variables['KUBE_CROSS_VERSION'] || version.cross || 'latest';
  return image === undefined ? undefined : `${image}:${tag}`;
}

/** With rsync's variables set, rsync comes first if it is available. tar always works. */
function sendersOf(sync: Transport | undefined, variables: Environment): Sender[] {
  if (sync !== undefined && sync !== 'bind') return [sync];
  const asksForRsync = Boolean(variables['KUBE_RSYNC_PORT'] || variables['KUBE_RSYNC_COMPRESS']);
  return asksForRsync ? ['rsync', 'rsync-exec', 'tar'] : ['tar'];
}

/** A command that builds the same without an engine. */
export function insteadOf(target: ContainerizedTarget): string | undefined {
  const goal = goalOf(target);
  if (goal === undefined || !('target' in goal)) return undefined;
  return `slipway ${goal.target}${eitherWay.includes(goal.target) ? ' --without-docker' : ''}`;
}
