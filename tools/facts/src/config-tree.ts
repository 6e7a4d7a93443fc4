import {
  type Command,
  type CommandSet,
  type Environment,
  type Failure,
  FailureError,
  type GoRequirement,
  type Platform,
  type SetName,
  type Tree,
  parsePlatform,
} from '@slipway/model';
import { type Config, compilerEnvironment, configFileName, layouts, setNames, stampNames } from '@slipway/catalog';
import {
  type VersionPackage,
  commandsInCmd,
  conventionalPlatforms,
  conventionalSets,
  findCommands,
  findVersionPackages,
} from './conventions.ts';
import { conventionalInvocations } from './invocations.ts';
import { type ModuleFacts, readGoRequirement } from './modules.ts';
import type { PackageRoot } from './packages.ts';
import { resolveWord } from './resolve-words.ts';
import { stampsFor } from './stamps.ts';

interface ConfigTree {
  readonly root: string;
  readonly variables: Environment;
  readonly modules: ModuleFacts;
  readonly host: Platform;
  /** Undefined for a tree nobody configured. */
  readonly config: Config | undefined;
}

/** What a tree is by its configuration, and by convention where that says nothing. Throws BAD_CONFIG. */
export function configTree({ root, variables, modules, host, config }: ConfigTree): Tree {
  const goPackage = config?.goPackage ?? modules.goPackage;
  if (goPackage === undefined) throw badConfig('goPackage is needed in a tree without go.mod and go.work');
  const packages: PackageRoot = { root, moduleMode: modules.moduleMode, goPackage, modules: modules.modules };
  const found = findCommands(packages);
  const sets =
    config?.sets === undefined ? conventionalSets(found.map((command) => command.target)) : configuredSets(config.sets);
  const allTargets = [...new Set(Object.values(sets).flatMap((set) => set.targets))];
  const aliases = config?.aliases ?? {};
  const listed = listedCommands({ ...packages, commands: found, aliases }, sets);
  const commands = uniqueCommands([...listed, ...found, ...commandsInCmd(packages)]);
  const stamps = stampsFor(versionPackages(packages, config));
  return {
    root,
    source: config === undefined ? 'conventions' : configFileName,
    goPackage,
    moduleMode: modules.moduleMode,
    modules: modules.modules,
    vendored: modules.vendored,
    go: goRequirement(root, variables, config),
    sets,
    commands,
    allTargets,
    aliases,
    staticNames: config?.static ?? [...new Set(commands.filter(({ kind }) => kind === 'main').map(({ name }) => name))],
    coveragePackages: config?.coverage ?? [],
    invocations: conventionalInvocations({ variables, stamps, tags: config?.tags ?? [] }),
    platformEnvironments: compilersOf(sets, host, variables),
    fakeGopath: false,
    stamps,
    describeArgs: layouts.conventions.describeArgs,
    archive: undefined,
    cleanPaths: config?.clean ?? layouts.conventions.cleanPaths,
  };
}

const badConfig = (fact: string): FailureError => new FailureError({ code: 'BAD_CONFIG', file: configFileName, fact });

function configuredSets(configured: NonNullable<Config['sets']>): Record<SetName, CommandSet> {
  const entries = setNames.map((name): [SetName, CommandSet] => {
    const set = configured[name];
    const platforms = set?.platforms?.flatMap((platform) => parsePlatform(platform) ?? []) ?? conventionalPlatforms();
    return [name, set === undefined ? { targets: [], platforms: [] } : { targets: set.targets, platforms }];
  });
  return Object.fromEntries(entries) as Record<SetName, CommandSet>;
}

/** The command of each target, under the name the set gives it. A target that is none is a mistake in the file. */
function listedCommands(
  tree: PackageRoot & Pick<Tree, 'commands' | 'aliases'>,
  sets: Readonly<Record<SetName, CommandSet>>,
): Command[] {
  const failures: Failure[] = [];
  const commands: Command[] = [];
  for (const [name, set] of Object.entries(sets)) {
    for (const target of set.targets) {
      const [command] = resolveWord(tree, target);
      if (command !== undefined) commands.push({ ...command, target });
      else
        failures.push({
          code: 'BAD_CONFIG',
          file: configFileName,
          fact: `sets.${name}.targets names ${target}, which is no Go package of this tree`,
        });
    }
  }
  if (failures.length > 0) throw new FailureError(...failures);
  return commands;
}

/** One per package and kind; the first, which is the listed one, stays. */
function uniqueCommands(commands: readonly Command[]): Command[] {
  const targets = new Map<string, Command>();
  const seen = new Set<string>();
  for (const command of commands) {
    const same = `${command.importPath} ${command.name}`;
    if (!targets.has(command.target) && !seen.has(same)) targets.set(command.target, command);
    seen.add(same);
  }
  return [...targets.values()];
}

function versionPackages(packages: PackageRoot, config: Config | undefined): VersionPackage[] {
  return (
    config?.versionPackages?.map((importPath) => ({ importPath, variables: stampNames })) ??
    findVersionPackages(packages)
  );
}

function goRequirement(root: string, variables: Environment, config: Config | undefined): GoRequirement | undefined {
  if (config?.go === undefined || variables['GO_VERSION']) return readGoRequirement(root, variables);
  const version = config.go.replace(/^go(?=\d)/, '');
  return { version, exact: version.split('.').length > 2, from: configFileName };
}

/** For the platforms of the sets and those that are asked for. */
function compilersOf(
  sets: Readonly<Record<SetName, CommandSet>>,
  host: Platform,
  variables: Environment,
): Record<string, Environment> {
  const asked = (variables['KUBE_BUILD_PLATFORMS'] ?? '').split(/\s+/).flatMap((word) => parsePlatform(word) ?? []);
  const platforms = new Set([host, ...asked, ...Object.values(sets).flatMap((set) => set.platforms)]);
  return Object.fromEntries(
    [...platforms].map((platform) => [platform, compilerEnvironment(platform, host, variables)]),
  );
}
