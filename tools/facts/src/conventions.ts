import { join, posix, relative, sep } from 'node:path';
import {
  type Command,
  type CommandSet,
  type PlanNote,
  type Platform,
  type SetName,
  sortPlatforms,
} from '@slipway/model';
import { layouts, stampNames } from '@slipway/catalog';
import type { Disk, Rooted } from './disk.ts';
import { findPackages, isPackageDirectory } from './go-package.ts';
import { isForUpkeep, moduleDirOf } from './modules.ts';
import { type PackageRoot, commandAt, isIgnored, isLinked } from './packages.ts';

const { commandsDirectory, commandDepth, upkeepDirectories, versionDirectories, platforms } = layouts.conventions;

/** The commands of a tree without a configuration, and those that conventions leave out. */
export interface Found {
  readonly commands: readonly Command[];
  readonly leftOut: readonly PlanNote[];
}

/**
 * Finds the commands of a tree without a configuration. For each module: the main packages below `cmd/` or
 * `<dir>/cmd/`, the one at its root, and those with a file main.go on the first two levels. In a module without any of
 * these: those on the first level, with any file names.
 */
export function findCommands(tree: PackageRoot): Found {
  const found = tree.modules.map(({ dir }): Found => {
    if (dir.startsWith('..')) return outside(dir);
    return isForUpkeep(dir) ? { commands: [], leftOut: [leftOutModule(dir)] } : moduleCommands(tree, dir);
  });
  const commands = found.flatMap((each) => each.commands);
  return {
    commands: [...new Map(commands.map((command) => [command.target, command])).values()],
    leftOut: found.flatMap(({ leftOut }) => leftOut),
  };
}

const outside = (dir: string): Found => ({
  commands: [],
  leftOut: [{ what: `the module in ${dir}`, why: 'its commands are left out, as it lies outside of the tree' }],
});

function moduleCommands(tree: PackageRoot, moduleDir: string): Found {
  const below = commandDirectories(tree, moduleDir).flatMap((dir) => commandsBelow(tree, dir));
  const [kept, upkeep] = [false, true].map((is) =>
    below.filter(({ target }) => isForUpkeep(moduleDir === '.' ? target : target.slice(moduleDir.length + 1)) === is),
  );
  const leftOut = upkeep!.map(({ target }) => leftOutByConvention(target, target));
  const at = (dirs: readonly string[]): Command[] => dirs.flatMap((dir) => commandAt(tree, dir) ?? []);
  const atRoot = at([moduleDir]);
  const firstLevel = (): Command[] => at(innerDirectories(tree, moduleDir).map((name) => posix.join(moduleDir, name)));
  const named = [...kept!, ...atRoot, ...at(namedMain(tree, moduleDir))];
  const found = named.some(isLinked)
    ? [...kept!, ...named.filter(isLinked)]
    : [...named, ...firstLevel().filter(isLinked)];
  return { commands: found.filter(({ kind }) => kind === 'main'), leftOut };
}

/** A command that conventions leave out, with the words that build it. */
const leftOutByConvention = (what: string, target: string): PlanNote => ({
  what,
  why: `left out, as such a place is for the tree's own upkeep; slipway all WHAT=${target} builds it, and sets in slipway.config.ts ship it`,
});

/**
 * Directories outside `cmd` with a file main.go, at most two levels below a module: `pkg/recommender`,
 * `controlplane/kubeadm`.
 */
function namedMain(tree: PackageRoot, moduleDir: string): string[] {
  const below = (dir: string): string[] =>
    innerDirectories(tree, moduleDir, dir).filter((name) => name !== commandsDirectory && name !== 'internal');
  const inner = below('').flatMap((name) => [name, ...below(name).map((each) => `${name}/${each}`)]);
  return inner
    .map((name) => posix.join(moduleDir, name))
    .filter((dir) => tree.disk.listDirectory(join(tree.root, dir)).files.includes('main.go'));
}

export const leftOutModule = (dir: string): PlanNote => leftOutByConvention(`the module in ${dir}`, `${dir}/...`);

/** `cmd` and `<dir>/cmd` of a module, relative to the root. */
function commandDirectories(tree: Rooted, moduleDir: string): string[] {
  const middle = innerDirectories(tree, moduleDir).filter((name) => name !== commandsDirectory);
  const candidates = [commandsDirectory, ...middle.map((name) => `${name}/${commandsDirectory}`)];
  return candidates
    .map((name) => posix.join(moduleDir, name))
    .filter((dir) => tree.disk.isDirectory(join(tree.root, dir)) && moduleDirOf(tree, dir) === moduleDir);
}

/** Directories of a module that may contain commands. Nested modules are searched separately. */
function innerDirectories(tree: Rooted, moduleDir: string, below = ''): string[] {
  const upkeep: readonly string[] = upkeepDirectories;
  return tree.disk
    .listDirectory(join(tree.root, moduleDir, below))
    .directories.filter(
      (name) =>
        isPackageDirectory(name) &&
        !upkeep.includes(name) &&
        moduleDirOf(tree, posix.join(moduleDir, below, name)) === moduleDir,
    );
}

/** Main packages in a directory of commands and below it. */
function commandsBelow(tree: PackageRoot, dir: string): Command[] {
  const found = findPackages(join(tree.root, dir), {
    disk: tree.disk,
    depth: commandDepth,
    enters: (path, listing) =>
      !listing.files.includes('go.mod') && !isIgnored(tree, relative(tree.root, path).split(sep).join('/')),
  });
  return found
    .filter(({ kind }) => kind === 'main')
    .flatMap(({ below }) => commandAt(tree, posix.join(dir, below)) ?? []);
}

/** One target for each directory in the root's `cmd/`, including libraries. */
export function commandsInCmd(tree: PackageRoot): Command[] {
  return tree.disk
    .listDirectory(join(tree.root, commandsDirectory))
    .directories.flatMap((name) =>
      isIgnored(tree, `${commandsDirectory}/${name}`) ? [] : (commandAt(tree, `${commandsDirectory}/${name}`) ?? []),
    );
}

/** Everything ships on all platforms: one set, `client`. */
export function conventionalSets(targets: readonly string[]): Record<SetName, CommandSet> {
  const none: CommandSet = { targets: [], platforms: [] };
  return {
    server: none,
    node: none,
    client: { targets, platforms: conventionalPlatforms() },
    test: none,
    'test-server': none,
  };
}

export const conventionalPlatforms = (): Platform[] => sortPlatforms([...platforms] as unknown as Platform[]);

/** A package with version variables, and their names. */
export interface VersionPackage {
  readonly importPath: string;
  readonly variables: readonly (typeof stampNames)[number][];
}

/** The packages in the usual places of the tree's own modules that have a `gitVersion` variable. */
export function findVersionPackages(tree: PackageRoot): VersionPackage[] {
  const dirs = tree.modules.flatMap((module) => versionDirectories.map((dir) => ({ module, dir })));
  return dirs.flatMap(({ module, dir }) => {
    const variables = packageVariables(tree.disk, join(tree.root, module.dir, dir));
    return variables.includes('gitVersion') ? [{ importPath: `${module.path}/${dir}`, variables }] : [];
  });
}

function packageVariables(disk: Disk, dir: string): (typeof stampNames)[number][] {
  const files = disk.listDirectory(dir).files.filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  const text = files.map((name) => disk.readText(join(dir, name)) ?? '').join('\n');
  return stampNames.filter((name) =>
    new RegExp(`^(?:var\\s+|\\s+)(?:\\w+,\\s*)*${name}\\b(?:,\\s*\\w+)*[ \\t]*(?:=|string\\b)`, 'm').test(text),
  );
}

/** The directory of integration tests, if it exists. */
export const integrationTests = (tree: Rooted): readonly string[] =>
  [layouts.conventions.integrationDirectory].filter((dir) => tree.disk.isDirectory(join(tree.root, dir)));
