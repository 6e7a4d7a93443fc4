import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseGoWork } from '@slipway/adapters';
import { readFlagFiles } from './flag-files.ts';
import type { ListedPackage } from './listed.ts';
import type { GoListQuery } from './port.ts';

/** Paths outside the packages' directories that affect all packages. After a change Go is called for everything. */
export interface WatchedPaths {
  /** Module files, existing or not, and other paths whose content or absence matters. */
  readonly files: readonly string[];
  /** Directories, mostly missing, whose packages would take precedence. */
  readonly shadows: readonly string[];
}

export function watchedPaths(query: GoListQuery, packages: readonly ListedPackage[]): WatchedPaths {
  const files = new Set(readFlagFiles(query).files.values());
  for (const dir of upwards(query.cwd)) add(files, join(dir, 'go.mod'), join(dir, 'go.work'));
  const changing = packages.filter((one) => one.fixedBy === undefined && one.dir !== '');
  // With GO111MODULE=off no package has a module.
  const shadows = changing.some((one) => one.module !== undefined)
    ? watchModules(query, changing, files)
    : watchGoPath(query, changing, files);
  return { files: [...files].sort(), shadows: [...shadows].sort() };
}

function watchModules(query: GoListQuery, packages: readonly ListedPackage[], files: Set<string>): Set<string> {
  const mains = mainModules(query, files);
  const local = new Map(
    packages.flatMap(({ module }) => (module?.dir === undefined ? [] : [[module.path, module.dir] as const])),
  );
  for (const dir of new Set([...mains, ...mains.flatMap(localReplacements), ...local.values()]))
    watchModule(dir, files);
  for (const path of local.keys()) for (const dir of mains) files.add(join(dir, 'vendor', path));
  return new Set(packages.flatMap((one) => watchPlace(one, local, files)));
}

/** Go may use `vendor` as soon as it exists. */
const watchModule = (dir: string, files: Set<string>): void =>
  add(
    files,
    ...['go.mod', 'go.sum', 'go.work.sum', 'vendor', join('vendor', 'modules.txt')].map((name) => join(dir, name)),
  );

/** Directories of the main modules, and that of go.work. */
function mainModules({ cwd, env }: GoListQuery, files: Set<string>): string[] {
  const found = upwards(cwd)
    .map((dir) => join(dir, 'go.work'))
    .find((path) => existsSync(path));
  const workspace = ['', 'auto'].includes(env['GOWORK'] ?? '') ? found : env['GOWORK'];
  if (workspace !== undefined && workspace !== 'off') {
    add(files, workspace, `${workspace}.sum`);
    return [dirname(workspace), ...usesOf(workspace).map((use) => resolve(dirname(workspace), use))];
  }
  return upwards(cwd)
    .filter((dir) => existsSync(join(dir, 'go.mod')))
    .slice(0, 1);
}

function usesOf(workspace: string): readonly string[] {
  try {
    return parseGoWork(readFileSync(workspace, 'utf8'), workspace).use;
  } catch {
    return [];
  }
}

/** `=> ../there` of go.mod and go.work: the go.mod there counts, even if no package of it is used. */
function localReplacements(dir: string): string[] {
  const texts = ['go.mod', 'go.work']
    .map((name) => join(dir, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(/=>\s*["`]?((?:\.{1,2}|[a-zA-Z]:)?[/\\][^\s"`]*|\.{1,2}(?=\s))/g)].map((found) =>
      resolve(dir, found[1]!),
    ),
  );
}

/**
 * A new go.mod between a module's root and a package excludes the package from the module. Another module may also
 * contain a directory for its path.
 */
function watchPlace(
  { importPath, dir, module }: ListedPackage,
  local: ReadonlyMap<string, string>,
  files: Set<string>,
): string[] {
  if (module?.dir === undefined) return [];
  for (const above of upwards(dirname(dir))) {
    if (!above.startsWith(module.dir) || above.length <= module.dir.length) break;
    files.add(join(above, 'go.mod'));
  }
  return [...local]
    .filter(([path]) => path !== module.path && importPath.startsWith(`${path}/`))
    .map(([path, root]) => join(root, importPath.slice(path.length + 1)))
    .filter((candidate) => candidate !== dir);
}

/**
 * Without modules Go takes the first directory with Go files: vendor/ of the importer's directory and its parents, then
 * GOPATH in order. Shadowed packages of the standard library are not considered.
 */
function watchGoPath({ env }: GoListQuery, packages: readonly ListedPackage[], files: Set<string>): Set<string> {
  const sources = goPathOf(env).map((dir) => join(dir, 'src'));
  const vendors = new Set<string>();
  for (const { dir } of packages) {
    const source = sources.find((one) => dir.startsWith(one)) ?? dir;
    for (const above of upwards(dir)) {
      if (above.length < source.length) break;
      files.add(join(above, 'vendor'));
      if (existsSync(join(above, 'vendor'))) vendors.add(join(above, 'vendor'));
    }
  }
  const places = [...vendors, ...sources];
  return new Set(
    packages.flatMap((one) =>
      places.map((place) => join(place, writtenAs(one.importPath))).filter((candidate) => candidate !== one.dir),
    ),
  );
}

/** `x/y` of `a/b/vendor/x/y`, without the suffix of a test variant. */
function writtenAs(importPath: string): string {
  const plain = importPath.replace(/ .*/, '');
  const at = plain.lastIndexOf('/vendor/');
  return at < 0 ? plain : plain.slice(at + '/vendor/'.length);
}

const goPathOf = (env: GoListQuery['env']): string[] =>
  (env['GOPATH'] || join(env['HOME'] ?? env['USERPROFILE'] ?? '', 'go')).split(delimiter).filter((dir) => dir !== '');

/** A directory and all its parents. */
function upwards(dir: string): string[] {
  const above = dirname(dir);
  return above === dir ? [dir] : [dir, ...upwards(above)];
}

function add(set: Set<string>, ...items: readonly string[]): void {
  for (const item of items) set.add(item);
}
