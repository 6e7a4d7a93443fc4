import { dirname } from 'node:path/posix';
import {
  type Environment,
  type ExecStep,
  type Facts,
  type GoBuild,
  HOLES,
  type Platform,
  type StepId,
  archOf,
  goBuildOf,
  osOf,
} from '@slipway/model';
import { goBinDir, goScratchDir, inOutput } from '../names.ts';
import { joinToolFlags, withGiven } from '../given-flags.ts';
import { callsAsTree, profileCall } from '../profile.ts';
import type { Planning } from '../planning.ts';
import { goActions } from './go-actions.ts';
import { type GoBuildGroup, goOutputs } from './go-group.ts';

/** Expected bytes of a Go call: the largest links of Kubernetes take 2 GB each (`/usr/bin/time -v`). */
const GO_MEMORY = 3 * 2 ** 30;

/** One Go call. Its binaries stay where Go wrote them, because otherwise Go would link them again. Users get copies. */
export function goBuildStep(group: GoBuildGroup, id: StepId, planning: Planning): ExecStep {
  const { facts, names, profile } = planning;
  const call = profileCall(profile, group.linkage, { ...planning, moduleDir: group.moduleDir });
  const tree = [...subcommand(group, planning), ...call.flags, ...coverFlags(group, planning)];
  const own = withGiven(...joinToolFlags(tree, ownFlags(group)));
  const given = callsAsTree(profile, facts) ? ([own, planning.goFlags] as const) : joinToolFlags(own, planning.goFlags);
  const flags = withGiven(...given);
  const env = { ...platformEnvironment(group, planning), ...group.own?.env, ...call.env };
  const actions = goActions(group, { flags, env, unset: call.unset }, planning);
  return {
    kind: 'exec',
    place: planning.place,
    id,
    title: titleOf(group, goBuildOf({ actions })),
    needs: [],
    after: [],
    outputs: goOutputs(group, names, facts.machine.platform).map(({ path }) => path),
    pool: 'go',
    argv: [HOLES.go, ...flags, ...outputFlag(group, planning)],
    cwd: call.cwd,
    env: { ...env, GOTMPDIR: HOLES.scratch, GOTOOLCHAIN: 'local' },
    unset: call.unset,
    scratch: goScratchDir(id, names, facts),
    actions,
    memory: memoryOf(planning),
  };
}

function subcommand(group: GoBuildGroup, planning: Planning): string[] {
  if (group.linkage === 'test') return ['test', '-c'];
  return callsAsTree(planning.profile, planning.facts) && planning.facts.tree.fakeGopath ? ['install'] : ['build'];
}

/** `go install` writes binaries below GOPATH; `go build -o DIR/` gives the same names. */
function outputFlag(group: GoBuildGroup, planning: Planning): string[] {
  const { facts, names } = planning;
  if (group.compileOnly || subcommand(group, planning)[0] === 'install') return [];
  const [first] = goOutputs(group, names, facts.machine.platform);
  if (group.linkage === 'test' || group.own !== undefined) return ['-o', inOutput(first!.path, names)];
  return ['-o', `${inOutput(goBinDir(names, group.platform, facts.machine.platform), names)}/`];
}

/** The flags of a single command, after the flags of all. */
const ownFlags = ({ own: { tags = [], ldflags } = {} }: GoBuildGroup): string[] => [
  ...(tags.length === 0 ? [] : [`-tags=${tags.join(',')}`]),
  ...(ldflags === undefined ? [] : [`-ldflags=${ldflags}`]),
];

/** Go's own instrumentation of whole programs (Go 1.20 and newer), for all packages of the tree. */
function coverFlags(group: GoBuildGroup, { facts }: Planning): string[] {
  if (!group.cover) return [];
  const packages = facts.tree.modules.map((module) => `${module.path}/...`);
  return ['-cover', '-covermode=count', `-coverpkg=${packages.join(',')}`];
}

function platformEnvironment(group: GoBuildGroup, { facts, linkedAlike }: Planning): Record<string, string> {
  return {
    ...(linkedAlike ? { CGO_ENABLED: '0' } : {}),
    ...facts.tree.platformEnvironments[group.platform],
    GOOS: osOf(group.platform),
    GOARCH: archOf(group.platform),
    ...(group.linkage === 'static' ? { CGO_ENABLED: '0' } : compilerPath(group.platform, facts)),
  };
}

/** A compiler from slipway's own cache goes on PATH, so that CC, and with it the key, is the same for everybody. */
function compilerPath(platform: Platform, { tree, compilers, environment }: Facts): Environment {
  const path = environment['PATH'] ?? '';
  const directory = dirname(compilers[tree.platformEnvironments[platform]?.['CC'] ?? ''] || '.');
  return directory === '.' || path.split(':').includes(directory) ? {} : { PATH: `${path}:${directory}` };
}

function memoryOf({ variables }: Planning): number {
  const gibibytes = Number(variables['KUBE_PARALLEL_BUILD_MEMORY'] || 0);
  return gibibytes > 0 ? gibibytes * 2 ** 30 : GO_MEMORY;
}

function titleOf(group: GoBuildGroup, go: GoBuild | undefined): string {
  const names = group.commands.map((command) => command.name);
  const shown = names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return `${group.compileOnly ? 'compile' : 'build'} ${shown} for ${group.platform} (${group.linkage === 'cgo' && !go?.cgo ? 'no cgo' : group.linkage}${group.cover ? ', coverage' : ''})`;
}
