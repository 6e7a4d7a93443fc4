import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import {
  type Environment,
  FailureError,
  type GoModule,
  type GoRequirement,
  lastGoFlag,
  type ModuleMode,
  parseGoFlags,
} from '@slipway/model';
import { parseGoMod, parseGoWork } from '@slipway/adapters';
import { layouts } from '@slipway/catalog';
import { type Disk, type Rooted, realPath } from './disk.ts';
import { moduleDirs } from './module-dirs.ts';

/** The facts in go.work, go.mod and vendor/. */
export interface ModuleFacts {
  readonly moduleMode: ModuleMode;
  /** The modules of the root, or of go.work, and those of staging/ that are not vendored. */
  readonly modules: readonly GoModule[];
  /** Directories of modules that are left out because they only maintain the tree. */
  readonly upkeep: readonly string[];
  /** The go.work in use, absolute. */
  readonly workFile: string | undefined;
  /** The file that Go reads as the root's go.mod, absolute. It differs with -modfile. */
  readonly modFile: string;
  /** Import path of the main module; undefined in GOPATH mode. */
  readonly goPackage: string | undefined;
  readonly vendored: boolean;
  /** Go uses vendor/ by default. */
  readonly vendorByDefault: boolean;
}

/** Uses Go's settings GOWORK and GOFLAGS. Throws BAD_GO_MOD, BAD_VALUE or GO_SETTING. */
export function readModules(tree: Rooted, settings: Environment): ModuleFacts {
  const workFile = workFileOf(tree, settings['GOWORK']);
  const mainDirs = mainModuleDirs(tree, workFile);
  const modFile = modFileOf(tree.root, settings['GOFLAGS']);
  const main = mainDirs.flatMap(
    (dir) => readModule(tree, dir, dir === '.' ? modFile : undefined) ?? missingModule(dir),
  );
  const apart = (dirs: readonly string[]): GoModule[] =>
    dirs
      .filter((dir) => !mainDirs.includes(dir))
      .flatMap((dir) => readModule(tree, dir) ?? [])
      .filter((module) => !isVendored(tree, module.path))
      .map((module) => ({ ...module, apart: true }));
  // With GOWORK=off, modules of a go.work still belong to the tree.
  const alone = workFile === undefined || main.length === 0;
  const others = alone ? moduleDirs(tree) : [];
  const own = [...main, ...(alone ? apart([...ownDirs(tree), ...others.filter((dir) => !isForUpkeep(dir))]) : [])];
  const upkeep = apart(others.filter((dir) => isForUpkeep(dir) && !isBelowAny(dir, own)));
  const staging = apart(stagingDirs(tree)).filter(({ dir }) => own.every((module) => module.dir !== dir));
  return {
    upkeep: upkeep.map(({ dir }) => dir),
    moduleMode: workFile !== undefined ? 'workspace' : own.length > 0 ? 'module' : 'gopath',
    modules: [...own, ...staging],
    workFile,
    modFile,
    goPackage: own.find((module) => module.dir === '.')?.path ?? (alone ? commonPath(own) : own[0]?.path),
    vendored:
      tree.disk.isFile(join(tree.root, 'vendor/modules.txt')) ||
      (own.length === 0 && tree.disk.isDirectory(join(tree.root, 'vendor'))),
    vendorByDefault:
      tree.disk.isFile(join(tree.root, 'vendor/modules.txt')) && asksForVendor(tree.disk, modFile, workFile),
  };
}

/** By Go's rule: GOWORK, else the working directory and its parents. */
export function workFileOf(tree: Rooted, gowork = ''): string | undefined {
  if (gowork === 'off') return undefined;
  if (isAbsolute(gowork) && tree.disk.isFile(gowork)) return realPath(gowork);
  if (gowork !== '' && gowork !== 'auto')
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'GOWORK',
      value: gowork,
      expected: 'off, auto, or the absolute path of a file like go.work',
    });
  for (let dir = tree.root; ; dir = dirname(dir)) {
    if (tree.disk.isFile(join(dir, 'go.work'))) return join(dir, 'go.work');
    if (dirname(dir) === dir) return undefined;
  }
}

/** Relative to the root: the directories in its own go.work, and the root itself. */
const ownDirs = (tree: Rooted): string[] => [
  ...(tree.disk.isFile(join(tree.root, 'go.mod')) ? ['.'] : []),
  ...(tree.disk.isFile(join(tree.root, 'go.work'))
    ? usedDirs(tree, join(tree.root, 'go.work')).filter((dir) => dir !== '.')
    : []),
];

/** Reports whether a directory only maintains the tree: `test/e2e`, `hack/tools`. */
export const isForUpkeep = (dir: string): boolean =>
  withoutStaging(dir)
    .split('/')
    .some((part) => (layouts.conventions.upkeepDirectories as readonly string[]).includes(part));

/** Modules in staging/ are published. */
const withoutStaging = (dir: string): string =>
  dir.startsWith(`${layouts.conventions.stagingDirectory}/`)
    ? dir.slice(layouts.conventions.stagingDirectory.length + 1)
    : dir;

const isBelowAny = (dir: string, modules: readonly GoModule[]): boolean => modules.some((module) => module.dir === dir);

/** The common prefix of several module paths: `k8s.io/autoscaler`; the first path if there is none. */
function commonPath(modules: readonly GoModule[]): string | undefined {
  const [first, ...others] = modules.map(({ path }) => path.split('/'));
  const differs = first?.findIndex((part, at) => others.some((other) => other[at] !== part)) ?? 0;
  return differs > 0 ? first?.slice(0, differs).join('/') : first?.join('/');
}

/** `go help modules`: since 1.14 in a module, since 1.22 in a workspace, by the go line of go.mod or go.work. */
function asksForVendor(disk: Disk, modFile: string, workFile: string | undefined): boolean {
  const mod = disk.readText(modFile);
  const work = workFile && disk.readText(workFile);
  const { go = '' } =
    work !== undefined ? parseGoWork(work, 'go.work') : mod !== undefined ? parseGoMod(mod, 'go.mod') : {};
  const [, minor = 0] = go.split('.').map(Number);
  return minor >= (work === undefined ? 14 : 22);
}

export interface Requiring extends Rooted {
  readonly variables: Environment;
  readonly modules: Pick<ModuleFacts, 'workFile' | 'modFile'>;
}

/**
 * In this order: GO_VERSION, .go-version, the toolchain line of go.work or go.mod, its go line, the build image's
 * version.
 */
export function readGoRequirement({ root, disk, variables, modules }: Requiring): GoRequirement | undefined {
  const given = variables['GO_VERSION']?.trim();
  if (given) return { version: goVersion(given, 'GO_VERSION'), exact: true, from: 'GO_VERSION' };
  const pinned = disk.readText(join(root, '.go-version'))?.trim();
  if (pinned) {
    const version = goVersion(pinned, '.go-version');
    return { version, exact: version.split('.').length > 2, from: '.go-version' };
  }
  for (const [path, parse] of [
    [modules.workFile, parseGoWork],
    [modules.modFile, parseGoMod],
  ] as const) {
    const text = path && disk.readText(path);
    if (path === undefined || text === undefined) continue;
    const from = basename(path);
    const { toolchain, go } = parse(text, from);
    const version = toolchain ?? go;
    if (version !== undefined) return { version, exact: false, from };
  }
  return ofBuildImage({ root, disk });
}

const crossImage = 'build/build-image/cross/Dockerfile';

/** For a tree that states it nowhere else: `FROM golang:1.12.10`, the image of its releases. */
function ofBuildImage(tree: Rooted): GoRequirement | undefined {
  const version = /^FROM \S*\bgolang:(\d+\.\d+(?:\.\d+)?)/m.exec(
    tree.disk.readText(join(tree.root, crossImage)) ?? '',
  )?.[1];
  return version === undefined ? undefined : { version, exact: version.split('.').length > 2, from: crossImage };
}

function goVersion(text: string, from: string): string {
  const version = text.replace(/^go(?=\d)/, '');
  if (/^\d+(\.\d+){0,2}([a-z]+\d+)?$/.test(version)) return version;
  throw new FailureError({ code: 'BAD_VALUE', variable: from, value: text, expected: 'a Go version, e.g. 1.21.7' });
}

/**
 * Directories, relative to the root, of the modules that Go works on when it starts at the root: those of go.work, or
 * the root's.
 */
function mainModuleDirs(tree: Rooted, workFile: string | undefined): string[] {
  if (workFile === undefined) return tree.disk.isFile(join(tree.root, 'go.mod')) ? ['.'] : [];
  const dirs = usedDirs(tree, workFile);
  if (workFile === join(tree.root, 'go.work')) return dirs;
  if (tree.disk.isFile(join(tree.root, 'go.mod')) && !dirs.includes('.')) refuseWorkFile(tree.root, workFile);
  // A go.work from outside decides how the tree is built, not which modules it has.
  return dirs.filter((dir) => dir.split('/')[0] !== '..');
}

/** Go would take this tree's packages from another module with the same path in the workspace, or find none. */
function refuseWorkFile(root: string, workFile: string): never {
  throw new FailureError({
    code: 'GO_SETTING',
    setting: `GOWORK=${workFile}`,
    why: `the workspace does not use the module in ${root}, so Go would build other sources`,
    hint: `GOWORK=off builds this tree alone; or go work use '${root}', beside ${workFile}`,
  });
}

const usedDirs = (tree: Rooted, workFile: string): string[] =>
  parseGoWork(tree.disk.readText(workFile) ?? '', basename(workFile)).use.map((dir) =>
    relativeDir(tree.root, resolve(dirname(workFile), dir)),
  );

/** Reports whether the root's vendor/ has that module's packages, as a link or a copy. */
export const isVendored = (tree: Rooted, modulePath: string): boolean =>
  tree.disk.isDirectory(join(tree.root, 'vendor', modulePath));

const relativeDir = (root: string, dir: string): string => relative(root, dir).split(sep).join('/') || '.';

/** Go reads `modFile` in place of go.mod, but go.mod must exist. */
export function readModule(tree: Rooted, dir: string, modFile = join(tree.root, dir, 'go.mod')): GoModule | undefined {
  if (!tree.disk.isFile(join(tree.root, dir, 'go.mod'))) return undefined;
  const text = tree.disk.readText(modFile);
  if (text === undefined) return undefined;
  const { module: path, ignore } = parseGoMod(text, nameIn(tree.root, modFile));
  return { path, dir, ...(ignore.length === 0 ? {} : { ignore }) };
}

/** By -modfile of GOFLAGS, from the directory where Go starts. */
const modFileOf = (root: string, goFlags: string | undefined): string =>
  resolve(root, lastGoFlag(parseGoFlags({ goFlags }), 'modfile') || 'go.mod');

const nameIn = (root: string, path: string): string => relative(root, path).split(sep).join('/');

function missingModule(dir: string): never {
  throw new FailureError({ code: 'BAD_GO_MOD', file: 'go.work', fact: `uses ${dir}, which has no go.mod` });
}

/** Directories with a go.mod below staging/src, without nested ones. */
function stagingDirs(tree: Rooted): string[] {
  const { stagingDirectory, stagingDepth } = layouts.conventions;
  const search = (dir: string, depth: number): string[] => {
    if (tree.disk.isFile(join(tree.root, dir, 'go.mod'))) return [dir];
    return depth === 0
      ? []
      : tree.disk
          .listDirectory(join(tree.root, dir))
          .directories.flatMap((name) => search(`${dir}/${name}`, depth - 1));
  };
  return tree.disk
    .listDirectory(join(tree.root, stagingDirectory))
    .directories.flatMap((name) => search(`${stagingDirectory}/${name}`, stagingDepth));
}

/** The directory of a directory's module, both relative to the root; undefined outside any module. */
export function moduleDirOf(tree: Rooted, dir: string): string | undefined {
  for (let at = dir; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '.') {
    if (tree.disk.isFile(join(tree.root, at, 'go.mod'))) return at;
    if (at === '.') return undefined;
  }
}
