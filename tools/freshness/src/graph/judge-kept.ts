import type { ContentIndex } from '../index/port.ts';
import type { KeptGraph } from './kept-graph.ts';
import { reach } from './package-graph.ts';
import { changeOf } from './watched-dirs.ts';

export interface KeptVerdict {
  /** Roots to ask Go for. */
  readonly stale: readonly string[];
  /** Why, if there are any; the first reason is enough. */
  readonly why: string | undefined;
  /** Something that all packages depend on changed: nothing of it may be used. */
  readonly useless: boolean;
}

/** Looks only at what the roots that are asked for depend on. */
export function judgeKept(kept: KeptGraph | undefined, patterns: readonly string[], { test, index }: { readonly test: boolean; readonly index: ContentIndex }): KeptVerdict {
  if (kept === undefined) return { stale: patterns, why: 'Go was not asked before', useless: true };
  const shared = sharedChange(kept, index);
  if (shared !== undefined) return { stale: patterns, why: shared, useless: true };
  // Without tests every package is as good a root as any.
  const startOf = (pattern: string): string | undefined => kept.roots.get(pattern) ?? (!test && kept.packages.has(pattern) ? pattern : undefined);
  const missing = patterns.filter((pattern) => startOf(pattern) === undefined);
  const known = patterns.filter((pattern) => startOf(pattern) !== undefined);
  const changes = changedDirs(kept, closureIn(kept, known.map((pattern) => startOf(pattern)!)), index);
  const touched = changes.size === 0 ? [] : known.filter((pattern) => dirsOf(kept, closureIn(kept, [startOf(pattern)!])).some((dir) => changes.has(dir)));
  const why = changes.values().next().value ?? (missing.length === 0 ? undefined : `Go was not asked before about ${missing[0]}`);
  return { stale: [...missing, ...touched].sort(), why, useless: false };
}

function sharedChange({ files, shadows }: KeptGraph, index: ContentIndex): string | undefined {
  for (const [path, digest] of files) if (index.digest(path) !== digest) return `${path} changed`;
  for (const [path, digest] of shadows) if (index.names(path) !== digest) return `${path} may hold a package that comes before the one in use`;
  return undefined;
}

/** Import paths. */
const closureIn = (kept: KeptGraph, starts: readonly string[]): Set<string> => reach(starts, (path) => kept.packages.get(path)?.imports ?? []);

const dirsOf = (kept: KeptGraph, paths: ReadonlySet<string>): string[] => [...new Set([...paths].map((path) => kept.packages.get(path)!.dir))];

function changedDirs(kept: KeptGraph, paths: ReadonlySet<string>, index: ContentIndex): Map<string, string> {
  const changes = new Map<string, string>();
  for (const dir of dirsOf(kept, paths)) {
    const watched = kept.dirs.get(dir);
    const change = watched && changeOf(watched, watched, index);
    if (change !== undefined) changes.set(dir, change);
  }
  return changes;
}

/** Roots whose answer may be another now that these directories are, other than by what the packages themselves say. */
export const rootsThrough = (kept: KeptGraph, dirs: ReadonlySet<string>): string[] =>
  dirs.size === 0 ? [] : [...kept.roots].filter(([, start]) => dirsOf(kept, closureIn(kept, [start])).some((dir) => dirs.has(dir))).map(([root]) => root);
