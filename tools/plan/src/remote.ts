import {
  type Cluster,
  type ExecStep,
  type Failure,
  type PlanNote,
  type Step,
  counted,
  goBuildOf,
  lastGoFlag,
  parseGoFlags,
} from '@slipway/model';
import type { Planning } from './planning.ts';
import { callsAsTree, throughGopath } from './profile.ts';
import type { GoBuildGroup } from './steps/go-group.ts';

/** Flags that make Go read or run something that exists only on this machine. */
const ofThisMachine = ['toolexec', 'overlay', 'modfile', 'pkgdir'] as const;

/**
 * Why a step of Go cannot run on a cluster; undefined: it can. All inputs that a worker cannot get are reported before
 * the run.
 */
export function whyHere(step: ExecStep, group: GoBuildGroup, { facts }: Planning): string | undefined {
  const build = goBuildOf(step);
  const flags = parseGoFlags({
    goFlags: step.env['GOFLAGS'] ?? facts.environment['GOFLAGS'],
    words: build?.flags ?? [],
  });
  const flag = ofThisMachine.find((name) => lastGoFlag(flags, name) !== undefined);
  const { root, workFile } = facts.tree;
  if (build?.cgo !== false || step.env['CGO_ENABLED'] === '1')
    return 'cgo reads the headers and libraries of this machine';
  if (group.cover) return 'coverage counts packages that no command imports';
  if (flag !== undefined) return `-${flag} names something of this machine`;
  if (workFile !== undefined && !workFile.startsWith(`${root}/`)) return `${workFile} is outside of the tree`;
  if (step.actions?.some(({ cache }) => cache.is === 'volatile')) return 'Go asks git what it stamps';
  return undefined;
}

/**
 * The number of parts of a group, if all places are divided equally among the groups. Each part compiles shared
 * packages itself unless its worker already did, so more parts than places only add work.
 */
export const partsFor = ({ jobs }: Cluster, groups: number, commands: number): number =>
  Math.max(1, Math.min(commands, Math.ceil(jobs / Math.max(1, groups))));

/** Every part-th command, because neighbours by name often have similar sizes. */
export const partsOf = (group: GoBuildGroup, parts: number): GoBuildGroup[] =>
  Array.from({ length: parts }, (_, part) => ({
    ...group,
    commands: group.commands.filter((_command, index) => index % parts === part),
  }));

/** Only bytes that contain no path are the same on every machine. */
export function unsupportedRemotely({ cluster, profile, facts }: Planning): Failure[] {
  if (cluster === undefined) return [];
  const hint = 'take --profile dev or release, or --remote none';
  if (callsAsTree(profile, facts))
    return [
      {
        code: 'BAD_USAGE',
        fact: 'a cluster builds with -trimpath only: without it a path of the worker is in the bytes',
        hint,
      },
    ];
  if (throughGopath(profile, facts))
    return [
      {
        code: 'BAD_USAGE',
        fact: 'a cluster builds modules only: this tree is found through GOPATH',
        hint: 'take --remote none',
      },
    ];
  return [];
}

/** The steps that run here although there is a cluster, with each reason once. */
export function hereNotes(reasons: ReadonlyMap<string, string>): PlanNote[] {
  const byReason = Map.groupBy(reasons, ([, why]) => why);
  return [...byReason].map(([why, of]) => ({
    what: `built on this machine: ${of.map(([title]) => title).join('; ')}`,
    why,
  }));
}

/** A summary of the steps for the cluster. */
export function spreadNote(steps: readonly Step[], { executors, jobs, localJobs }: Cluster): PlanNote[] {
  const remote = steps.filter((step) => step.kind === 'exec' && step.place === 'remote');
  if (remote.length === 0) return [];
  const commands = remote.reduce((sum, { actions = [] }) => sum + actions.length, 0);
  const here = localJobs === 0 ? 'only steps that the cluster cannot run' : `${localJobs} at once, too`;
  return [
    {
      what: `${counted(commands, 'command')} in ${counted(remote.length, 'action')} for ${executors.join(', ')}`,
      why: `it gets ${jobs} at once, and this machine takes ${here}`,
    },
  ];
}
