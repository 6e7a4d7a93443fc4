import type { Environment, GoPart, GoWork } from '@slipway/model';
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
    Object.entries(seen).filter(([name]) => changesBytes(name) && (name in call.env || !call.unset.includes(name))),
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

/** Caches, proxies, places and how Go itself runs change no byte. */
const changesBytes = (name: string): boolean =>
  /^(GO(OS|ARCH|FLAGS|EXPERIMENT|FIPS140|AMD64|ARM|ARM64|386|MIPS|MIPS64|PPC64|RISCV64|WASM|111MODULE|WORK|15VENDOREXPERIMENT|_EXTLINK_ENABLED)|CGO_.*|CC|CXX|FC|AR|LD|GCCGO.*|PKG_CONFIG.*|.*CFLAGS|.*LDFLAGS|SDKROOT|CPATH|C(PLUS)?_INCLUDE_PATH|LIBRARY_PATH|NIX_(?!SSL_CERT_FILE$).*|MACOSX_DEPLOYMENT_TARGET)$/.test(
    name,
  );
