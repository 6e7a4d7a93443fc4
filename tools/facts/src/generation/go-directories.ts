import { join, posix } from 'node:path';
import type { GeneratedPackage, Tree } from '@slipway/model';
import type { Rooted } from '../disk.ts';

/** A directory with Go files, searched for generator tags. */
export interface GoDirectory extends GeneratedPackage {
  /** Names of all its Go files. */
  readonly files: readonly string[];
}

/** The tree's own packages; those of staging by their import path. Sorted by import path. */
export function goDirectories(tree: Tree & Rooted): GoDirectory[] {
  const found = tree.moduleMode === 'gopath' ? gopathDirectories(tree) : tree.modules.flatMap(moduleDirectories(tree));
  return found.sort((a, b) => (a.importPath < b.importPath ? -1 : 1));
}

/**
 * By the rule of Kubernetes' scripts: everything except vendor, docs, and names at the root that begin with a dot or an
 * underscore.
 */
function gopathDirectories({ root, disk, goPackage }: Tree & Rooted): GoDirectory[] {
  const pruned = (dir: string): boolean => /^(vendor|docs|[._][^/]*)$/.test(dir);
  return below({ root, disk }, '.', pruned).map(({ dir, files }) => ({
    dir,
    importPath: posix.join(goPackage, vendored(dir)),
    files,
  }));
}

const vendored = (dir: string): string => dir.replace(/^staging\/src\//, 'vendor/');

const moduleDirectories =
  ({ root, disk }: Tree & Rooted) =>
  (module: Tree['modules'][number]): GoDirectory[] => {
    const pruned = (dir: string): boolean =>
      /(^|\/)(vendor|testdata|node_modules|[._][^/]*)$/.test(dir) ||
      (dir !== module.dir && disk.isFile(join(root, dir, 'go.mod')));
    return below({ root, disk }, module.dir, pruned).map(({ dir, files }) => ({
      dir,
      importPath: posix.join(module.path, posix.relative(module.dir, dir)),
      files,
    }));
  };

function below(tree: Rooted, dir: string, pruned: (dir: string) => boolean): { dir: string; files: string[] }[] {
  const { files, directories } = tree.disk.listDirectory(join(tree.root, dir));
  const go = files.filter((name) => name.endsWith('.go'));
  return [
    ...(go.length === 0 ? [] : [{ dir, files: go }]),
    ...directories
      .map((name) => posix.join(dir, name))
      .filter((inner) => !pruned(inner))
      .flatMap((inner) => below(tree, inner, pruned)),
  ];
}

/**
 * The directory of a package in the tree, or of its copy in vendor/; undefined for the standard library and for other
 * modules.
 */
export function directoryOf(importPath: string, tree: Tree & Rooted): string | undefined {
  const { root, disk, goPackage, moduleMode, modules, vendored: hasVendor } = tree;
  if (moduleMode === 'gopath') {
    if (importPath.startsWith(`${goPackage}/`)) return importPath.slice(goPackage.length + 1);
  } else {
    const module = modules
      .filter(({ path }) => importPath === path || importPath.startsWith(`${path}/`))
      .sort((a, b) => b.path.length - a.path.length)[0];
    if (module !== undefined) return posix.join(module.dir, posix.relative(module.path, importPath));
  }
  if (!hasVendor || !importPath.includes('.')) return undefined;
  const staged = `staging/src/${importPath}`;
  if (disk.isDirectory(join(root, staged))) return staged;
  return disk.isDirectory(join(root, 'vendor', importPath)) ? `vendor/${importPath}` : undefined;
}
