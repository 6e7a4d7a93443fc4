import { join } from 'node:path';
import { rootsThrough, watchedBelow } from './check-kept.ts';
import type { KeptGraph } from './kept-graph.ts';
import type { Listed } from './listed.ts';
import { numbered, reach, reversed } from './numbered.ts';
import type { GraphPackage, GoListQuery } from './port.ts';
import {
  changeOf,
  printDir,
  touchedSince,
  unite,
  watchedDirs,
  type DirPrint,
  type GraphIndex,
  type WatchedDir,
} from './watched-dirs.ts';
import { watchedPaths } from './watched-paths.ts';

/**
 * The kept graph, updated by Go's new answer. A package does not depend on the root it was listed for, so a new answer
 * is also valid for other roots, except for the test variants of packages.
 */
export function mergeGraph({ query, test, kept = nothing, listed, index }: MergeRequest): KeptGraph {
  const watched = watchedDirs(listed.packages);
  const changedDirectories = new Set([...watched.keys()].filter((key) => directoryChanged(kept.dirs.get(key), index)));
  const dropped = new Set(test ? rootsThrough(kept, changedDirectories) : []);
  const dirs = [...watched].map(([key, one]): [string, WatchedDir & DirPrint] => {
    const before = kept.dirs.get(key);
    const all = before === undefined || changedDirectories.has(key) ? one : unite(before, one);
    return [key, { ...all, ...printDir(all, index) }];
  });
  const { files, shadows } = watchedPaths(query, listed.packages);
  return {
    packages: new Map([...kept.packages, ...listed.packages.map((one) => [one.importPath, bare(one)] as const)]),
    roots: new Map([...[...kept.roots].filter(([root]) => !dropped.has(root)), ...listed.roots]),
    library: [...new Map([...kept.library, ...listed.library].map((one) => [one.importPath, one])).values()],
    dirs: new Map([...kept.dirs, ...dirs]),
    files: new Map([...kept.files, ...files.map((path) => [path, index.digest(path)] as const)]),
    shadows: new Map([...kept.shadows, ...shadows.map((path) => [path, index.names(path)] as const)]),
    scope: kept.scope,
  };
}

const nothing: KeptGraph = {
  packages: new Map(),
  roots: new Map(),
  library: [],
  dirs: new Map(),
  files: new Map(),
  shadows: new Map(),
};

export interface MergeRequest {
  readonly query: GoListQuery;
  readonly test: boolean;
  /** The valid part; undefined: nothing. */
  readonly kept: KeptGraph | undefined;
  readonly listed: Listed;
  readonly index: GraphIndex;
}

const directoryChanged = (before: (WatchedDir & DirPrint) | undefined, index: GraphIndex): boolean =>
  before !== undefined && changeOf(before, before, index) !== undefined;

const bare = ({ importPath, dir, files, imports, fixedBy, goVersion, native }: GraphPackage): GraphPackage => ({
  importPath,
  dir,
  files,
  imports,
  fixedBy,
  goVersion,
  native,
});

/** Removes roots with a problem, and packages that only they need. Go is asked for those roots in each run. */
export function soundPart(graph: KeptGraph, problems: Iterable<string>): KeptGraph {
  const { imports, numberOf, packages: all } = numbered(graph.packages);
  const numbersOf = (paths: Iterable<string>): number[] => [...paths].flatMap((path) => numberOf(path) ?? []);
  const bad = new Set(reach(reversed(imports), numbersOf(problems)).map((one) => all[one]!.importPath));
  const roots = new Map([...graph.roots].filter(([, start]) => !bad.has(start)));
  const packages = reach(imports, numbersOf(roots.values())).map((one) => all[one]!);
  const watched = watchedBelow(graph, [...roots.values()]);
  return {
    ...graph,
    packages: new Map(packages.map((one) => [one.importPath, one])),
    roots,
    dirs: new Map([...graph.dirs].filter(([key]) => watched.has(key))),
  };
}

/**
 * Reports whether the answer's inputs have not changed since `time`, when Go began to read. Earlier looks of the index
 * are still valid; for later looks the files must be older than `time`.
 */
export function isSteady(
  graph: KeptGraph,
  listed: Listed,
  { index, time }: { readonly index: GraphIndex; readonly time: number },
): boolean {
  const dirs = [...watchedDirs(listed.packages).keys()].flatMap((key) => graph.dirs.get(key) ?? []);
  const paths = dirs.flatMap((one) => [one.dir, ...one.trees, ...one.sources.map((name) => join(one.dir, name))]);
  return (
    index.changed([...paths, ...graph.files.keys(), ...graph.shadows.keys()]).length === 0 &&
    !dirs.some((one) => touchedSince(one, time, index))
  );
}
