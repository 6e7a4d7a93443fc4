import { join, posix } from 'node:path';
import { type Command, type CommandSet, type Platform, type SetName, sortPlatforms } from '@slipway/model';
import { layouts, stampNames } from '@slipway/catalog';
import type { Disk, Rooted } from './disk.ts';
import { findPackages, isPackageDirectory } from './go-package.ts';
import { moduleDirOf } from './modules.ts';
import { type PackageRoot, commandAt } from './packages.ts';

const { commandsDirectory, commandDepth, upkeepDirectories, versionDirectories, platforms } = layouts.conventions;

/**
 * The commands of a tree nobody configured: main packages below `cmd/` or `<dir>/cmd/` of each module; in a module without
 * any, the main package at its root, else those one level below.
 */
export function findCommands(tree: PackageRoot): Command[] {
  const found = tree.modules.flatMap((module) => moduleCommands(tree, module.dir));
  return [...new Map(found.map((command) => [command.target, command])).values()];
}

function moduleCommands(tree: PackageRoot, moduleDir: string): Command[] {
  const inCmd = commandDirectories(tree, moduleDir).flatMap((dir) => commandsBelow(tree, dir));
  if (inCmd.length > 0) return inCmd;
  const atRoot = commandAt(tree, moduleDir);
  if (atRoot?.kind === 'main') return [atRoot];
  const firstLevel = innerDirectories(tree, moduleDir).flatMap(
    (name) => commandAt(tree, posix.join(moduleDir, name)) ?? [],
  );
  return firstLevel.filter((command) => command.kind === 'main');
}

/** `cmd` and `<dir>/cmd` of a module, relative to the root. */
function commandDirectories(tree: Rooted, moduleDir: string): string[] {
  const middle = innerDirectories(tree, moduleDir).filter((name) => name !== commandsDirectory);
  const candidates = [commandsDirectory, ...middle.map((name) => `${name}/${commandsDirectory}`)];
  return candidates
    .map((name) => posix.join(moduleDir, name))
    .filter((dir) => tree.disk.isDirectory(join(tree.root, dir)) && moduleDirOf(tree, dir) === moduleDir);
}

/** Directories of a module that may hold what it ships; other modules are looked at on their own. */
function innerDirectories(tree: Rooted, moduleDir: string): string[] {
  const upkeep: readonly string[] = upkeepDirectories;
  return tree.disk
    .listDirectory(join(tree.root, moduleDir))
    .directories.filter(
      (name) =>
        isPackageDirectory(name) &&
        !upkeep.includes(name) &&
        moduleDirOf(tree, posix.join(moduleDir, name)) === moduleDir,
    );
}

/** Main packages at and below a directory of commands. */
function commandsBelow(tree: PackageRoot, dir: string): Command[] {
  const found = findPackages(join(tree.root, dir), {
    disk: tree.disk,
    depth: commandDepth,
    enters: (_dir, listing) => !listing.files.includes('go.mod'),
  });
  return found
    .filter(({ kind }) => kind === 'main')
    .flatMap(({ below }) => commandAt(tree, posix.join(dir, below)) ?? []);
}

/** One target per directory directly in the root's `cmd/`, a library-only one included. */
export function commandsInCmd(tree: PackageRoot): Command[] {
  return tree.disk
    .listDirectory(join(tree.root, commandsDirectory))
    .directories.flatMap((name) => commandAt(tree, `${commandsDirectory}/${name}`) ?? []);
}

/** Everything ships everywhere: one set, `client`. */
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

/** A package into which a version is stamped, and the variables it has. */
export interface VersionPackage {
  readonly importPath: string;
  readonly variables: readonly (typeof stampNames)[number][];
}

/** The packages of the tree's own modules, in the usual places, that have a `gitVersion` variable. */
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

/** Where a tree keeps tests of several components together, if it does. */
export const integrationTests = (tree: Rooted): readonly string[] =>
  [layouts.conventions.integrationDirectory].filter((dir) => tree.disk.isDirectory(join(tree.root, dir)));
