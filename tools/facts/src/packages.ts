import { join, posix, relative, sep } from 'node:path';
import { layouts } from '@slipway/catalog';
import {
  type Command,
  type Failure,
  FailureError,
  type GoModule,
  isUnconstrained,
  type ModuleMode,
  type Platform,
  packageIn,
} from '@slipway/model';
import { isVendored, moduleDirOf, readModule } from './modules.ts';
import { type GoPackageKind, findPackages, isMain, mainFiles, readPackageKind } from './go-package.ts';
import type { Rooted } from './disk.ts';

/** The facts that determine the import path of a directory. */
export interface PackageRoot extends Rooted {
  readonly moduleMode: ModuleMode;
  readonly goPackage: string;
  readonly modules: readonly GoModule[];
}

/** The directory where Go starts for a package, and Go's name for it. */
interface PackagePlace {
  readonly importPath: string;
  readonly moduleDir: string;
}

/** The main package or library in a directory of the tree, relative to the root; undefined without one. */
export function commandAt(tree: PackageRoot, dir: string): Command | undefined {
  const kind = readPackageKind(tree.disk, join(tree.root, dir));
  if (kind !== 'main' && kind !== 'library') return undefined;
  const place = placeOf(tree, dir);
  return (
    place && { name: executableName(place.importPath), target: dir, kind, ...place, ...constrained(tree, dir, kind) }
  );
}

/** Its files, if constraints make it differ between builds. */
function constrained(tree: PackageRoot, dir: string, kind: Command['kind']): Pick<Command, 'files'> {
  if (kind !== 'main') return {};
  const files = mainFiles(tree.disk, join(tree.root, dir));
  const always = files.filter(isUnconstrained);
  return files.every(isMain) && always.some(({ main }) => main) ? {} : { files };
}

/** Reports whether Go links it on at least one platform. */
export const isLinked = ({ kind, files }: Command): boolean =>
  kind === 'main' &&
  (files === undefined ||
    layouts.conventions.platforms.some(
      (platform) => packageIn(files, { platform: platform as Platform, tags: [] }) === 'command',
    ));

/**
 * A package of the tree in its directory. `command` is the result of building it: a library for a package with only
 * tests.
 */
export interface TreePackage {
  readonly kind: GoPackageKind;
  readonly command: Command;
  readonly hasTests: boolean;
}

/**
 * All packages in or below a directory of the tree, sorted by path: of the modules that Go works on there, and of
 * modules that the root vendors from the tree. Other modules are left out.
 */
export function packagesBelow(tree: PackageRoot, dir: string, depth?: number): TreePackage[] {
  const own = (path: string): boolean => {
    const inner = relative(tree.root, path).split(sep).join('/');
    if (isIgnored(tree, inner)) return false;
    if (!tree.disk.isFile(join(path, 'go.mod'))) return true;
    return (
      tree.modules.some((module) => module.dir === inner) || isVendored(tree, readModule(tree, inner)?.path ?? '.')
    );
  };
  const search = { disk: tree.disk, enters: own, ...(depth === undefined ? {} : { depth }) };
  return findPackages(join(tree.root, dir), search).flatMap(({ below: inner, kind }) => {
    const target = posix.join(dir, inner);
    const place = placeOf(tree, target);
    if (place === undefined) return [];
    const name = executableName(place.importPath);
    const hasTests = tree.disk.listDirectory(join(tree.root, target)).files.some((file) => file.endsWith('_test.go'));
    const command = { name, target, kind: kind === 'main' ? ('main' as const) : ('library' as const), ...place };
    return [{ kind, command: { ...command, ...constrained(tree, target, command.kind) }, hasTests }];
  });
}

/** Reports whether the module's ignore lines exclude a directory: `./web` at that place, `node_modules` anywhere. */
export function isIgnored({ modules }: Pick<PackageRoot, 'modules'>, dir: string): boolean {
  return modules.some(({ dir: top, ignore = [] }) => {
    const inner = top === '.' ? dir : dir.startsWith(`${top}/`) ? dir.slice(top.length + 1) : undefined;
    if (inner === undefined) return false;
    return ignore.some((path) =>
      path.startsWith('./') ? inner === posix.normalize(path).replace(/\/$/, '') : `/${inner}`.endsWith(`/${path}`),
    );
  });
}

/** The test binary of a directory with a name of its own: `test/e2e/e2e.test`. */
export function testCommandAt(tree: PackageRoot, target: string): Command | undefined {
  const dir = posix.dirname(target);
  if (readPackageKind(tree.disk, join(tree.root, dir)) === 'none') return undefined;
  const place = placeOf(tree, dir);
  return place && { name: posix.basename(target), target, kind: 'test', ...place };
}

/**
 * The name that `go build` gives a binary: the last element of the import path, or the one before a major version. v0
 * and v1 are not major versions.
 */
export function executableName(importPath: string): string {
  const elements = importPath.split('/');
  const last = elements.at(-1)!;
  return isMajorVersion(last) && elements.length > 1 ? elements.at(-2)! : last;
}

export const isMajorVersion = (element: string): boolean => /^v([2-9]|[1-9][0-9]+)$/.test(element);

export function placeOf(tree: PackageRoot, dir: string): PackagePlace | undefined {
  if (dir.startsWith('vendor/')) return vendoredPlace(tree, dir.slice('vendor/'.length));
  const moduleDir = moduleDirOf(tree, dir);
  if (tree.moduleMode === 'gopath') {
    const staged = moduleDir === undefined || moduleDir === '.' ? undefined : readModule(tree, moduleDir);
    if (staged !== undefined && isVendored(tree, staged.path)) return vendoredPlace(tree, below(staged, dir));
    return { importPath: posix.join(tree.goPackage, dir), moduleDir: '.' };
  }
  if (moduleDir === undefined) return undefined;
  const known = tree.modules.find((candidate) => candidate.dir === moduleDir);
  const module = known ?? readModule(tree, moduleDir);
  if (module === undefined) return undefined;
  const atRoot = (known !== undefined && !known.apart) || isVendored(tree, module.path);
  const place = { importPath: below(module, dir), moduleDir: atRoot ? '.' : moduleDir };
  if (isTakenForFile(tree, place)) throw new FailureError(takenForFile(place.importPath));
  return place;
}

/** `go build foo.go` compiles a file of that name in the working directory, so no package can have this name there. */
const isTakenForFile = ({ root, disk }: Rooted, { importPath, moduleDir }: PackagePlace): boolean =>
  importPath.endsWith('.go') && disk.isFile(join(root, moduleDir, importPath));

const takenForFile = (name: string): Failure => ({
  code: 'UNSUPPORTED_TREE',
  fact: `the package ${name} cannot be named to Go, which takes ${name} for the file of that name`,
  hint: `rename the file ${name}`,
});

/** Modules see a vendored package by its own name, GOPATH mode by its path. */
const vendoredPlace = (tree: PackageRoot, importPath: string): PackagePlace => ({
  importPath: tree.moduleMode === 'gopath' ? `${tree.goPackage}/vendor/${importPath}` : importPath,
  moduleDir: '.',
});

/** The import path of a directory in a module. */
function below(module: GoModule, dir: string): string {
  const rest = module.dir === '.' ? dir : dir.slice(module.dir.length + 1);
  return posix.join(module.path, rest);
}
