import { isAbsolute, relative } from 'node:path/posix';
import { changesBytes } from '@slipway/catalog';
import {
  type Environment,
  type Facts,
  type GoPart,
  type GoWork,
  type Tree,
  lastGoFlag,
  parseGoFlags,
} from '@slipway/model';
import type { Planning } from '../planning.ts';
import { callsAsTree } from '../profile.ts';
import { type GoBuildGroup, goOutputs } from './go-build.ts';

/** What the call is made of, besides its files. */
interface Call {
  readonly flags: readonly string[];
  readonly env: Environment;
  readonly unset: readonly string[];
}

/** What decides the bytes of a group's binaries: flags and variables, without places. */
export function goWork(group: GoBuildGroup, call: Call, planning: Planning): GoWork {
  const { facts, names, profile } = planning;
  const seen = { ...facts.environment, ...call.env };
  const variables = Object.fromEntries(
    Object.entries(seen)
      .filter(([name]) => changesBytes(name) && (name in call.env || !call.unset.includes(name)))
      .map(([name, value]) => [name, name === 'GOWORK' ? placeOf(value, facts.tree) : value]),
  );
  const compiler =
    group.linkage === 'static' || variables['CGO_ENABLED'] === '0' ? undefined : compilerOf(group, planning);
  return {
    parts: partsOf(group, planning, names),
    platform: group.platform,
    cgo: compiler !== undefined,
    compiler,
    cxxCompiler: compiler === undefined ? undefined : facts.hostCxxCompiler,
    flags: call.flags,
    variables,
    goVersion: facts.toolchain.version,
    unnamed: stampsRepository(group, { flags: call.flags, goFlags: variables['GOFLAGS'] }, facts)
      ? 'Go itself asks git what it stamps (-buildvcs), each time'
      : undefined,
    path: callsAsTree(profile, facts) ? facts.tree.root : undefined,
  };
}

function partsOf(group: GoBuildGroup, { facts }: Planning, names: Planning['names']): GoPart[] {
  const outputs = new Map(goOutputs(group, names, facts.machine.platform).map(({ command, path }) => [command, path]));
  return group.commands.map((command) => ({
    name: command.name,
    importPath: command.importPath,
    test: group.linkage === 'test',
    output: outputs.get(command),
  }));
}

/** Go takes cgo for another platform only when told to, and for this one when a compiler is there. */
function compilerOf({ platform }: GoBuildGroup, { facts }: Planning): string | undefined {
  const named = facts.tree.platformEnvironments[platform]?.['CC'];
  if (named !== undefined) return facts.compilers[named] || undefined;
  return platform === facts.machine.platform || facts.environment['CGO_ENABLED'] === '1'
    ? facts.hostCompiler
    : undefined;
}

interface Flags {
  readonly flags: readonly string[];
  readonly goFlags: string | undefined;
}

/** What a go.work says is hashed with the other files; that it stands elsewhere in another checkout changes nothing. */
const placeOf = (gowork: string, { root }: Tree): string => (isAbsolute(gowork) ? relative(root, gowork) : gowork);

/** What Go would find, a clean tree or another tag, is seen by nobody else; https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies */
function stampsRepository(group: GoBuildGroup, { flags, goFlags }: Flags, { tree, toolchain }: Facts): boolean {
  const [, minor = 99] = toolchain.version.split('.').map(Number);
  const never = minor < 18 || tree.moduleMode === 'gopath' || group.linkage === 'test' || group.compileOnly;
  return !never && lastGoFlag(parseGoFlags({ goFlags, words: flags }), 'buildvcs') !== 'false';
}
