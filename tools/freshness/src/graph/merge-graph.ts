import { join } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import { rootsThrough } from './judge-kept.ts';
import type { KeptGraph } from './kept-graph.ts';
import type { Listed } from './listed.ts';
import { reach } from './package-graph.ts';
import type { GraphPackage, GraphQuestion } from './port.ts';
import { changeOf, printDir, touchedSince, unite, watchedDirs, type DirPrint, type WatchedDir } from './watched-dirs.ts';
import { watchedPaths } from './watched-paths.ts';

const nothing: KeptGraph = { packages: new Map(), roots: new Map(), dirs: new Map(), files: new Map(), shadows: new Map() };

export interface MergeRequest {
  readonly question: GraphQuestion;
  readonly test: boolean;
  /** What still holds; undefined: nothing. */
  readonly kept: KeptGraph | undefined;
  readonly listed: Listed;
  readonly index: ContentIndex;
}

/**
 * The kept graph with what Go now said put over it. What a package is does not depend on whom it was asked for, so a new
 * answer serves the roots that were not asked for as well – except for the variants that a test makes of packages.
 */
export function mergeGraph({ question, test, kept = nothing, listed, index }: MergeRequest): KeptGraph {
  const watched = watchedDirs(listed.packages);
  const moved = new Set([...watched.keys()].filter((dir) => isMoved(kept.dirs.get(dir), index)));
  const dropped = new Set(test ? rootsThrough(kept, moved) : []);
  const dirs = [...watched.values()].map((one): WatchedDir & DirPrint => {
    const before = kept.dirs.get(one.dir);
    const all = before === undefined || moved.has(one.dir) ? one : unite(before, one);
    return { ...all, ...printDir(all, index) };
  });
  const { files, shadows } = watchedPaths(question, listed.packages);
  return {
    packages: new Map([...kept.packages, ...listed.packages.map((one) => [one.importPath, bare(one)] as const)]),
    roots: new Map([...[...kept.roots].filter(([root]) => !dropped.has(root)), ...listed.roots]),
    dirs: new Map([...kept.dirs, ...dirs.map((one) => [one.dir, one] as const)]),
    files: new Map([...kept.files, ...files.map((path) => [path, index.digest(path)] as const)]),
    shadows: new Map([...kept.shadows, ...shadows.map((path) => [path, index.names(path)] as const)]),
  };
}

const isMoved = (before: (WatchedDir & DirPrint) | undefined, index: ContentIndex): boolean =>
  before !== undefined && changeOf(before, before, index) !== undefined;

const bare = ({ importPath, dir, files, imports, fixedBy, goVersion }: GraphPackage): GraphPackage => ({ importPath, dir, files, imports, fixedBy, goVersion });

/** Without the roots that reach a problem, which are asked for each time, and what only they need. */
export function soundPart(graph: KeptGraph, problems: Iterable<string>): KeptGraph {
  const bad = importersOf(graph, problems);
  const roots = new Map([...graph.roots].filter(([, start]) => !bad.has(start)));
  const used = reach(roots.values(), (path) => graph.packages.get(path)?.imports ?? []);
  const packages = new Map([...graph.packages].filter(([path]) => used.has(path)));
  const dirs = new Set([...packages.values()].map((one) => one.dir));
  return { ...graph, packages, roots, dirs: new Map([...graph.dirs].filter(([dir]) => dirs.has(dir))) };
}

function importersOf({ packages }: KeptGraph, starts: Iterable<string>): Set<string> {
  const importers = new Map<string, string[]>();
  for (const { importPath, imports } of packages.values()) for (const path of imports) importers.set(path, [...(importers.get(path) ?? []), importPath]);
  return reach(starts, (path) => importers.get(path) ?? []);
}

/**
 * Whether all that the answer was made from is as it was when Go began to read, at `time`. What the index had looked at
 * before has not changed; what it looked at later was last touched earlier.
 */
export function isSteady(graph: KeptGraph, listed: Listed, { index, time }: { readonly index: ContentIndex; readonly time: number }): boolean {
  const dirs = [...new Set(listed.packages.map((one) => one.dir))].flatMap((dir) => graph.dirs.get(dir) ?? []);
  const paths = dirs.flatMap((one) => [one.dir, ...one.trees, ...one.sources.map((name) => join(one.dir, name))]);
  return index.changed([...paths, ...graph.files.keys(), ...graph.shadows.keys()]).length === 0 && !dirs.some((one) => touchedSince(one, time, index));
}
