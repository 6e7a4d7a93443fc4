import { hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { sep } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import { embedDirs, entriesOf, firstSegments, segmentPattern } from './embed-dirs.ts';
import type { ListedPackage } from './listed.ts';

/**
 * The parts of one directory that affect the graph. Its tests are watched separately, because they affect only their
 * own test binary, while the rest affects all importers.
 */
export interface WatchedDir {
  readonly dir: string;
  readonly tests: boolean;
  /** Its source files, compared by header. */
  readonly sources: readonly string[];
  /** Absolute. Directories that embed patterns match, compared by names. */
  readonly trees: readonly string[];
  /** Patterns of names that may be embedded besides Go's sources: first segments of patterns, `.` for all. */
  readonly embeds: readonly string[];
}

/** The part of the index used here. */
export type GraphIndex = Pick<ContentIndex, 'digest' | 'names' | 'header' | 'look' | 'changed'>;

/** The state when Go was asked. */
export interface DirPrint {
  readonly names: string;
  /** The digest of only the names that can affect Go. */
  readonly relevant: string;
  readonly contents: string;
}

/** One for each directory, and one for its tests if Go was asked for them. Packages of the module cache need none. */
export function watchedDirs(packages: readonly ListedPackage[]): Map<string, WatchedDir> {
  const dirs = new Map<string, WatchedDir>();
  for (const one of packages) {
    if (one.fixedBy !== undefined || one.dir === '') continue;
    for (const watched of watchPackage(one)) {
      const key = watchKey(watched.dir, watched.tests);
      const found = dirs.get(key);
      dirs.set(key, found === undefined ? watched : unite(found, watched));
    }
  }
  return dirs;
}

/** The key of tests ends with a zero byte, as no directory does. */
export const watchKey = (dir: string, tests: boolean): string => (tests ? `${dir}\0` : dir);

function watchPackage({ importPath, dir, sources, embedPatterns, tested }: ListedPackage): WatchedDir[] {
  const trees = embedPatterns.length === 0 ? [] : embedDirs(dir, embedPatterns);
  const embeds = firstSegments(embedPatterns);
  const ofTests = isTestVariant(importPath);
  const parts = [false, true].map((tests): WatchedDir => ({
    dir,
    tests,
    sources: sources.filter((name) => name.endsWith('_test.go') === tests),
    trees: tests === ofTests ? trees : [],
    embeds: tests === ofTests ? embeds : [],
  }));
  return tested ? parts : parts.slice(0, 1);
}

/** `p [p.test]` and `p_test [p.test]` contain the test files. Other variants, `q [p.test]`, have unchanged files. */
const isTestVariant = (importPath: string): boolean => /^(.+?)(?:_test)? \[\1\.test\]$/.test(importPath);

export const unite = (one: WatchedDir, other: WatchedDir): WatchedDir => ({
  dir: one.dir,
  tests: one.tests,
  sources: union(one.sources, other.sources),
  trees: union(one.trees, other.trees),
  embeds: union(one.embeds, other.embeds),
});

const union = (one: readonly string[], other: readonly string[]): readonly string[] =>
  other.length === 0 ? one : [...new Set([...one, ...other])].sort();

export const printDir = (watched: WatchedDir, index: GraphIndex): DirPrint => ({
  names: index.names(watched.dir).slice(0, DIGITS),
  relevant: relevantPrint(watched),
  contents: contentsPrint(watched, index),
});

/** The first difference, in words; undefined: unchanged. Names are read only if their digest differs. */
export function changeOf(watched: WatchedDir, print: DirPrint, index: GraphIndex): string | undefined {
  if (index.names(watched.dir).slice(0, DIGITS) !== print.names && relevantPrint(watched) !== print.relevant) {
    return `files were added, removed or renamed in ${watched.dir}`;
  }
  return contentsPrint(watched, index) === print.contents
    ? undefined
    : `imports, constraints or embedded names changed in ${watched.dir}`;
}

/**
 * Digests are joined and not hashed again: comparing is cheaper, and this runs for every directory of every run that is
 * not a no-op.
 */
function contentsPrint({ dir, sources, trees }: WatchedDir, index: GraphIndex): string {
  const at = dir + sep;
  let text = '';
  for (const name of sources) text += index.header(at + name).slice(0, DIGITS);
  for (const tree of trees) text += index.names(tree).slice(0, DIGITS);
  return text;
}

const DIGITS = 16;

const SOURCE =
  /^[^._].*\.(?:go|c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso)$|^(?:go\.mod|default\.pgo)$/s;

function relevantPrint({ dir, embeds, tests }: WatchedDir): string {
  const embedded = embeds.map((segment) => (segment === '.' ? /^/ : segmentPattern(segment)));
  const names = entriesOf(dir)
    .filter(
      ({ name }) =>
        (SOURCE.test(name) && name.endsWith('_test.go') === tests) || embedded.some((pattern) => pattern.test(name)),
    )
    .map((entry) => `${entry.name}\0${kindOf(entry)}`);
  return hash('sha256', names.sort().join('\0'), 'hex').slice(0, DIGITS);
}

const kindOf = (entry: Dirent): string => (entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other');

/** Reports whether a part of it changed at this time or later. The index has already looked at everything. */
export function touchedSince({ dir, sources, trees }: WatchedDir, time: number, index: GraphIndex): boolean {
  return [dir, ...trees, ...sources.map((name) => dir + sep + name)].some((path) =>
    isSince(index.look(path).stat?.ctimeMs, time),
  );
}

/** Some file systems store whole seconds, or two. */
const isSince = (changed: number | undefined, time: number): boolean =>
  changed !== undefined && (Number.isInteger(changed / 1000) ? changed + 2000 : changed) >= time;
