import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isLostName } from '@slipway/model';
import {
  cgoFlagFields,
  otherFileFields,
  type GoListModule,
  type GoListPackage,
  type GoListRequest,
} from './go-list.ts';
import type { LibraryPackage, NativePart } from './port.ts';
import { INCOMPLETE, type Listed, type ListedPackage } from './listed.ts';

const DEFAULT_PROFILE = 'default.pgo';

/**
 * Without packages of the standard library, because the toolchain's identity covers them. It does not cover what C
 * compilers read for them.
 */
export function readListed(packages: readonly GoListPackage[], { query, patterns, test }: GoListRequest): Listed {
  const own = packages.filter((raw) => raw.Standard !== true);
  const known = new Set(own.map((raw) => raw.ImportPath));
  const asked = new Set(test ? packages.filter((raw) => raw.Match !== undefined).map((raw) => raw.Dir) : []);
  return {
    packages: own.map((raw) => readPackage(raw, known, asked.has(raw.Dir))),
    roots: rootsOf(packages, patterns, query.cwd, test),
    library: packages.flatMap((raw) => libraryPackage(raw)),
    problem: undefined,
  };
}

function libraryPackage(raw: GoListPackage): LibraryPackage[] {
  const native = raw.Standard === true && (raw['CgoFiles'] ?? []).length > 0 ? nativePart(raw) : undefined;
  return native === undefined ? [] : [{ importPath: raw.ImportPath, dir: raw.Dir ?? '', native }];
}

/** Undefined for a package without other languages. */
function nativePart(raw: GoListPackage): NativePart | undefined {
  const of = (...fields: readonly `${string}Files`[]): string[] => fields.flatMap((field) => raw[field] ?? []);
  const part = {
    cgo: of('CgoFiles'),
    sources: of('CFiles', 'CXXFiles', 'MFiles', 'SFiles'),
    others: of('SwigFiles', 'SwigCXXFiles', 'FFiles'),
  };
  if (Object.values(part).every((files) => files.length === 0)) return undefined;
  const flags = Object.entries(cgoFlagFields).map(([name, field]) => [name, raw[field] ?? []] as const);
  return { ...part, flags: Object.fromEntries(flags.filter(([, words]) => words.length > 0)) };
}

function readPackage(raw: GoListPackage, known: ReadonlySet<string>, tested: boolean): ListedPackage {
  const module = raw.Module?.Replace ?? raw.Module;
  const others = otherFileFields.flatMap((field) => raw[field] ?? []);
  const made = isTestMain(raw);
  const go = made ? [] : [...(raw.GoFiles ?? []), ...(raw.CgoFiles ?? [])];
  const dir = raw.Dir ?? '';
  // A test file that a constraint excludes can affect only the tests of its package. For a syso file only the name
  // counts.
  const counts = (name: string): boolean => (tested || !name.endsWith('_test.go')) && !name.endsWith('.syso');
  return {
    importPath: raw.ImportPath,
    dir,
    files: sorted([...go, ...others, ...(raw.EmbedFiles ?? []), ...profileOf(raw, dir)]),
    imports: sorted((raw.Imports ?? []).filter((path) => known.has(path))),
    fixedBy: fixedBy(module),
    goVersion: raw.Module?.GoVersion ?? raw.Module?.Replace?.GoVersion,
    native: made ? undefined : nativePart(raw),
    sources: made
      ? []
      : sorted([...go, ...others, ...(raw.IgnoredGoFiles ?? []), ...(raw.IgnoredOtherFiles ?? [])].filter(counts)),
    embedPatterns: raw.EmbedPatterns ?? [],
    tested,
    module: raw.Module === undefined ? undefined : { path: raw.Module.Path, dir: module?.Dir },
    problem: problemOf(raw) ?? lostNameIn(raw.ImportPath, [...go, ...others, dir]),
  };
}

/** Go writes its only file, from the names of tests in the files of the packages under test. */
const isTestMain = (raw: GoListPackage): boolean =>
  raw.Name === 'main' && raw.ForTest === undefined && raw.ImportPath.endsWith('.test');

/** `go build` uses it by default (-pgo=auto, Go 1.21). Listing it for an older Go, or with -pgo=off, is harmless. */
const profileOf = (raw: GoListPackage, dir: string): string[] =>
  raw.Name === 'main' && !isTestMain(raw) && dir !== '' && existsSync(join(dir, DEFAULT_PROFILE))
    ? [DEFAULT_PROFILE]
    : [];

/**
 * A directory of the module cache is named after module and version. A vendored module or a local replacement is not.
 */
function fixedBy(module: GoListModule | undefined): string | undefined {
  if (module?.Version === undefined || module.Dir === undefined) return undefined;
  return module.Dir.endsWith(`@${escapeVersion(module.Version)}`) ? `${module.Path}@${module.Version}` : undefined;
}

const escapeVersion = (version: string): string => version.replaceAll(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);

function problemOf(raw: GoListPackage): string | undefined {
  // The lines after the first are the places that Go searched.
  if (raw.Error !== undefined) return `${raw.Error.Pos || raw.ImportPath}: ${raw.Error.Err.split('\n', 1)[0]}`;
  return raw.Incomplete === true ? `${raw.ImportPath}${INCOMPLETE}` : undefined;
}

/** Go compiles it, but slipway cannot open a file of that name. */
function lostNameIn(importPath: string, names: readonly string[]): string | undefined {
  const lost = names.find(isLostName);
  return lost === undefined ? undefined : `${importPath}: ${lost} has a name that is not UTF-8`;
}

function rootsOf(
  packages: readonly GoListPackage[],
  patterns: readonly string[],
  cwd: string,
  test: boolean,
): Map<string, string> {
  const paths = new Set(packages.map((raw) => raw.ImportPath));
  // A test variant has the same pattern and directory as its plain package.
  const plain = packages.filter((raw) => raw.ForTest === undefined && !isTestMain(raw));
  const byMatch = new Map(
    plain.flatMap((raw) => (raw.Match ?? []).map((pattern) => [pattern, raw.ImportPath] as const)),
  );
  const byDir = new Map(plain.map((raw) => [raw.Dir, raw.ImportPath]));
  return new Map(
    patterns.flatMap((pattern) => {
      const path = byMatch.get(pattern) ?? (paths.has(pattern) ? pattern : byDir.get(resolve(cwd, pattern)));
      if (path === undefined) return [];
      return [[pattern, test && paths.has(`${path}.test`) ? `${path}.test` : path] as const];
    }),
  );
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
