import type { KeptGraph } from './kept-graph.ts';
import { numbered, reach } from './numbered.ts';
import { changeOf, watchKey, type GraphIndex } from './watched-dirs.ts';

export interface KeptCheck {
  /** Roots for the next call of go list. */
  readonly stale: readonly string[];
  /** The first reason, if there are stale roots. */
  readonly why: string | undefined;
  /** Something that all packages depend on changed, so nothing of the kept graph is valid. */
  readonly useless: boolean;
}

/** Checks only the dependencies of the requested roots. */
export function checkKept(
  kept: KeptGraph | undefined,
  patterns: readonly string[],
  { test, index }: { readonly test: boolean; readonly index: GraphIndex },
): KeptCheck {
  if (kept === undefined) return { stale: patterns, why: 'Go was not asked before', useless: true };
  const shared = sharedChange(kept, index);
  if (shared !== undefined) return { stale: patterns, why: shared, useless: true };
  // Without tests every package can be a root.
  const startOf = (pattern: string): string | undefined =>
    kept.roots.get(pattern) ?? (!test && kept.packages.has(pattern) ? pattern : undefined);
  const missing = patterns.filter((pattern) => startOf(pattern) === undefined);
  const known = patterns.filter((pattern) => startOf(pattern) !== undefined);
  const changes = changedDirs(
    kept,
    watchedBelow(
      kept,
      known.map((pattern) => startOf(pattern)!),
    ),
    index,
  );
  const changed = new Set(changes.keys());
  const touched =
    changed.size === 0
      ? []
      : known.filter((pattern) => !watchedBelow(kept, [startOf(pattern)!]).isDisjointFrom(changed));
  const why =
    changes.values().next().value ?? (missing.length === 0 ? undefined : `Go was not asked before about ${missing[0]}`);
  return { stale: [...missing, ...touched].sort(), why, useless: false };
}

function sharedChange({ files, shadows }: KeptGraph, index: GraphIndex): string | undefined {
  for (const [path, digest] of files) if (index.digest(path) !== digest) return `${path} changed`;
  for (const [path, digest] of shadows)
    if (index.names(path) !== digest) return `${path} may hold a package that comes before the one in use`;
  return undefined;
}

/** The watched paths of these packages and all their imports: directories, and tests of the requested ones. */
export function watchedBelow({ packages }: Pick<KeptGraph, 'packages'>, starts: readonly string[]): Set<string> {
  const { imports, numberOf, packages: all } = numbered(packages);
  const first = starts.flatMap((path) => numberOf(path) ?? []);
  const keys = new Set(reach(imports, first).map((one) => all[one]!.dir));
  for (const one of first) keys.add(watchKey(all[one]!.dir, true));
  return keys;
}

function changedDirs(kept: KeptGraph, keys: ReadonlySet<string>, index: GraphIndex): Map<string, string> {
  const changes = new Map<string, string>();
  for (const key of keys) {
    const watched = kept.dirs.get(key);
    const change = watched && changeOf(watched, watched, index);
    if (change !== undefined) changes.set(key, change);
  }
  return changes;
}

/** Roots that depend on one of these watched paths. */
export const rootsThrough = (kept: KeptGraph, keys: ReadonlySet<string>): string[] =>
  keys.size === 0
    ? []
    : [...kept.roots].filter(([, start]) => !watchedBelow(kept, [start]).isDisjointFrom(keys)).map(([root]) => root);
