import { isAbsolute, relative } from 'node:path/posix';
import { changesBytes } from '@slipway/catalog';
import {
  type Action,
  type CachePolicy,
  type Environment,
  type Facts,
  type GoBuild,
  HOLES,
  type Input,
  type Tree,
  lastGoFlag,
  parseGoFlags,
} from '@slipway/model';
import { decidingFiles } from '../deciding-files.ts';
import type { Planning } from '../planning.ts';
import { callsAsTree } from '../profile.ts';
import { type GoBuildGroup, goOutputs } from './go-group.ts';

/** The inputs of the call, besides its files. */
interface Call {
  readonly flags: readonly string[];
  readonly env: Environment;
  readonly unset: readonly string[];
}

/** One action for each command of a group. */
export function goActions(group: GoBuildGroup, call: Call, planning: Planning): Action[] {
  const { facts, names } = planning;
  const variables = variablesOf(call, facts);
  const settings = settingsOf(group, call, variables, planning);
  const outputs = new Map(goOutputs(group, names, facts.machine.platform).map(({ command, path }) => [command, path]));
  const test = group.linkage === 'test';
  const build = buildOf(group, call, variables, planning);
  const named = Object.entries(decidingFiles(facts)).map(([name, path]): Input => ({ kind: 'named', name, path }));
  return group.commands.map(({ name, importPath }, index): Action => {
    const output = outputs.get(group.commands[index]!);
    return {
      // Libraries have no output, so their id is made from their import path.
      id: output ?? `compiled ${group.platform} ${importPath}`,
      name,
      words: [importPath],
      inputs: [...named, { kind: 'go-closure', importPath, test, build }],
      settings: { ...settings, name, package: importPath },
      outputs: output === undefined ? [] : [output],
      hasResult: false,
      cache: policyOf(group, call, variables, planning),
    };
  });
}

/** Variables that change Go's output, including inherited ones; without places. */
export const variablesOf = ({ env, unset }: Call, facts: Facts): Environment =>
  Object.fromEntries(
    Object.entries({ ...facts.environment, ...env })
      .filter(([name]) => changesBytes(name) && (name in env || !unset.includes(name)))
      .map(([name, value]) => [name, name === 'GOWORK' ? placeInTree(value, facts.tree) : value]),
  );

/** All settings that affect the bytes of a group's binaries. The files are separate inputs. */
function settingsOf(
  group: GoBuildGroup,
  { flags }: Call,
  variables: Environment,
  planning: Planning,
): Action['settings'] {
  const { facts, profile } = planning;
  return {
    kind: group.linkage === 'test' ? 'test binary' : 'command',
    platform: group.platform,
    go: facts.toolchain.version,
    cgo: cgoCompiler(group, variables, planning) === undefined ? 'off' : 'on',
    flags: flags.join('\n'),
    // In profile make the bytes contain the path of the checkout.
    path: callsAsTree(profile, facts) ? HOLES.root : 'any',
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`variable ${name}`, value])),
  };
}

export function buildOf(group: Linked, { flags }: Call, variables: Environment, planning: Planning): GoBuild {
  const { facts, place } = planning;
  const compiler = cgoCompiler(group, variables, planning);
  return {
    platform: group.platform,
    cgo: compiler !== undefined,
    compiler,
    // The image already identifies its compiler.
    cxxCompiler: compiler === undefined || place === 'container' ? undefined : facts.hostCxxCompiler,
    flags,
    goVersion: facts.toolchain.version,
  };
}

function policyOf(group: GoBuildGroup, { flags }: Call, variables: Environment, { facts }: Planning): CachePolicy {
  if (stampsRepository(group, { flags, goFlags: variables['GOFLAGS'] }, facts))
    return { is: 'volatile', why: 'Go itself asks git what it stamps (-buildvcs), each time' };
  return { is: 'shared', why: 'linking takes longer than copying' };
}

/** The inputs of the cgo decision. */
type Linked = Pick<GoBuildGroup, 'platform' | 'linkage'>;

const cgoCompiler = (group: Linked, variables: Environment, planning: Planning): string | undefined =>
  group.linkage === 'static' || variables['CGO_ENABLED'] === '0' ? undefined : compilerOf(group, planning);

/** Go uses cgo for a foreign platform only if CGO_ENABLED says so, and for this one if there is a compiler. */
function compilerOf({ platform }: Linked, { facts }: Planning): string | undefined {
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

/** The content of go.work is hashed with the other files. Its path may differ between checkouts. */
const placeInTree = (gowork: string, { root }: Tree): string =>
  isAbsolute(gowork) ? relative(root, gowork) : gowork.replace(`${HOLES.root}/`, '');

/**
 * Go would stamp the state of the work tree and the tag, which slipway does not track;
 * https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
function stampsRepository(group: GoBuildGroup, { flags, goFlags }: Flags, { tree, toolchain }: Facts): boolean {
  const [, minor = 99] = toolchain.version.split('.').map(Number);
  const never = minor < 18 || tree.moduleMode === 'gopath' || group.linkage === 'test' || group.compileOnly;
  return !never && lastGoFlag(parseGoFlags({ goFlags, words: flags }), 'buildvcs') !== 'false';
}
