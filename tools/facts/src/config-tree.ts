import {
  type Command,
  type CommandSet,
  type Environment,
  FailureError,
  type GoRequirement,
  type Platform,
  type SetName,
  type Tree,
  osOf,
  parsePlatform,
} from '@slipway/model';
import {
  type Config,
  compilerEnvironment,
  compilerVariable,
  configFileName,
  crossCompilers,
  layouts,
  setNames,
} from '@slipway/catalog';
import { integrationTests, leftOutModule } from './conventions.ts';
import { type Known, configCommands } from './config-commands.ts';
import { beforeSettings, placeBelow } from './config-before.ts';
import { releaseSettings } from './config-release.ts';
import { configStamps, knownStamps } from './config-stamps.ts';
import type { Rooted } from './disk.ts';
import { namedArchives } from './release-files/found-files.ts';
import { withoutCgo } from './said-of-cgo.ts';
import { conventionalInvocations } from './invocations.ts';
import type { AskedTree } from './makefile/read-makefile.ts';
import { type ModuleFacts, type Requiring, readGoRequirement } from './modules.ts';
import type { PackageRoot } from './packages.ts';

interface ConfigTree extends Rooted {
  readonly variables: Environment;
  readonly modules: ModuleFacts;
  readonly host: Platform;
  /** Undefined for a tree without a configuration. */
  readonly config: Config | undefined;
  /** The Makefile's settings, if the configuration does not list what to build. */
  readonly asked?: AskedTree | undefined;
}

/** Reads a tree by its configuration, and by conventions for missing fields. Throws BAD_CONFIG. */
export function configTree({ root, disk, variables, modules, host, config, asked }: ConfigTree): Tree {
  const goPackage = config?.goPackage ?? modules.goPackage;
  if (goPackage === undefined)
    throw config === undefined
      ? new FailureError({ code: 'BAD_GO_MOD', file: 'go.work', fact: 'uses no module of this tree' })
      : badConfig('goPackage is needed in a tree without go.mod and go.work');
  const packages: PackageRoot = { root, disk, moduleMode: modules.moduleMode, goPackage, modules: modules.modules };
  const known = configCommands(packages, config, asked?.config);
  const compiling = { sets: known.sets, host, variables, config };
  const told = config?.versionPackages === undefined ? knownStamps(packages, known.commands, asked?.stamps ?? []) : [];
  const stamps = configStamps({ packages, commands: known.commands, config, told });
  return {
    root,
    source: config === undefined ? 'conventions' : configFileName,
    goPackage,
    moduleMode: modules.moduleMode,
    modules: modules.modules,
    workFile: modules.workFile,
    vendored: modules.vendored,
    vendorByDefault: modules.vendorByDefault,
    go: goRequirement({ root, disk, variables, modules }, config),
    ...known,
    leftOut: [
      ...(known.leftOut ?? []),
      ...modules.upkeep.filter((dir) => !isBuiltIn(dir, known)).map((dir) => leftOutModule(dir)),
      ...(asked?.notes ?? []),
    ],
    ...(asked === undefined || asked.questions.length === 0 ? {} : { makefiles: asked.questions }),
    ...(asked?.told === undefined ? {} : { told: asked.told }),
    ...(asked?.late === undefined ? {} : { late: true as const }),
    ...(asked?.unasked === undefined ? {} : { unasked: asked.unasked }),
    aliases: config?.aliases ?? {},
    coveragePackages: config?.coverage ?? [],
    invocations: conventionalInvocations({ variables, stamps, tags: config?.tags ?? asked?.config.tags ?? [] }),
    ...linkage({ ...compiling, tree: packages, commands: known.commands, asked }),
    fakeGopath: false,
    stamps,
    describeArgs: describeArgs(packages, known.commands),
    archive: undefined,
    integration: {
      packages: config?.integrationTests ?? integrationTests(packages),
      sets: checkedSets(config?.integrationSets ?? []),
    },
    release: releaseSettings(packages, known, { ...namedArchives(asked?.config.release, known), ...config?.release }),
    generatorsDir: config?.generators,
    makesGenerated: false,
    // A path with a trailing slash would mean the target of a link.
    cleanPaths: (config?.clean ?? layouts.conventions.cleanPaths).map((path) => placeBelow('clean', path)),
    ...(config?.before === undefined ? {} : { before: beforeSettings(packages, config) }),
    checks: {
      keptOnline: config?.verify?.keptOnline ?? {},
      budget: config?.verify?.budget ?? {},
      own: config?.verify?.checks,
    },
    quarantine: config?.tests?.quarantine ?? [],
    remoteExecution: config?.remoteExecution,
    remoteCache: { url: config?.remoteCache, trusted: config?.trustedWriters ?? [] },
  };
}

const isBuiltIn = (dir: string, { allTargets }: Known): boolean =>
  allTargets.some((target) => target === dir || target.startsWith(`${dir}/`));

/** Version tags. If only one module has commands, the tags with that module's path. */
function describeArgs({ modules }: PackageRoot, commands: readonly Command[]): string[] {
  const { tags, describeArgs: rest } = layouts.conventions;
  const dirs = [...new Set(commands.map(({ moduleDir }) => moduleDir))];
  const apart = dirs.length === 1 && modules.every(({ dir }) => dir !== '.') && dirs[0] !== '.' ? `${dirs[0]}/` : '';
  return [...rest, `--match=${apart}${tags}`];
}

const badConfig = (fact: string): FailureError => new FailureError({ code: 'BAD_CONFIG', file: configFileName, fact });

function checkedSets(names: readonly SetName[]): readonly SetName[] {
  for (const name of names)
    if (!setNames.includes(name)) throw badConfig(`integrationSets names ${name}; there are ${setNames.join(', ')}`);
  return names;
}

function goRequirement(requiring: Requiring, config: Config | undefined): GoRequirement | undefined {
  if (config?.go === undefined || requiring.variables['GO_VERSION']) return readGoRequirement(requiring);
  const version = config.go.replace(/^go(?=\d)/, '');
  return { version, exact: version.split('.').length > 2, from: configFileName };
}

type Linking = Pick<Tree, 'platformEnvironments' | 'withoutCgo' | 'linkedAlike'>;

/** By the configuration or CGO_ENABLED, else by the tree's own files, else by Go's default. */
function linkage(said: Linked): Linking {
  const { config, variables, sets, asked } = said;
  const platformEnvironments = compilersOf(said);
  const isSaid = [config?.cgo, config?.static].some((each) => each !== undefined) || Boolean(variables['CGO_ENABLED']);
  const isNamed = Object.values(platformEnvironments).some((environment) => environment['CC'] !== undefined);
  if (isSaid || isNamed || Object.values(sets).every(({ targets }) => targets.length === 0))
    return { platformEnvironments };
  const isTold = asked !== undefined && asked.questions.length > 0;
  const place = isTold ? asked.withoutCgo : withoutCgo(said.tree, said.commands);
  if (place === undefined) return { platformEnvironments, linkedAlike: true };
  const off = Object.keys(platformEnvironments).map((platform) => [platform, { CGO_ENABLED: '0' }]);
  return { platformEnvironments: Object.fromEntries(off), withoutCgo: place };
}

interface Linked extends Compiling {
  readonly tree: Rooted;
  readonly commands: readonly Command[];
  readonly asked: AskedTree | undefined;
}

interface Compiling {
  readonly sets: Readonly<Record<SetName, CommandSet>>;
  readonly host: Platform;
  readonly variables: Environment;
  readonly config: Config | undefined;
}

/** For the platforms of the sets and of the request. Without settings Go decides: cgo on the host, no cgo elsewhere. */
function compilersOf({ sets, host, variables, config }: Compiling): Record<string, Environment> {
  const asked = (variables['KUBE_BUILD_PLATFORMS'] ?? '').split(/\s+/).flatMap((word) => parsePlatform(word) ?? []);
  const platforms = new Set([host, ...asked, ...Object.values(sets).flatMap((set) => set.platforms)]);
  const isNamed = (platform: Platform): boolean => Boolean(variables[compilerVariable(platform)]);
  return Object.fromEntries(
    [...platforms].map((platform) => [
      platform,
      isNamed(platform) || wantsCgo(platform, config) ? compilerEnvironment(platform, host, variables) : {},
    ]),
  );
}

/** If the tree lists commands without cgo, the others use it on the platforms where Kubernetes does. */
function wantsCgo(platform: Platform, config: Config | undefined): boolean {
  if (config?.cgo !== undefined) return config.cgo.includes(platform);
  return config?.static !== undefined && osOf(platform) === 'linux' && platform in crossCompilers;
}
