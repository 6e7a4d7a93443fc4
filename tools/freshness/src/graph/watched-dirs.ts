import { hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { sep } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import { embedDirs, entriesOf, firstSegments, segmentPattern } from './embed-dirs.ts';
import type { ListedPackage } from './listed.ts';

/**
 * What of one directory decides the graph. Its tests are watched apart: they matter to their own test binary, the rest of
 * it to whatever imports it.
 */
export interface WatchedDir {
  readonly dir: string;
  readonly tests: boolean;
  /** Files in it, by header. */
  readonly sources: readonly string[];
  /** Absolute; directories that embed patterns reach, by names. */
  readonly trees: readonly string[];
  /** Names that may be embedded, beside those Go compiles: first segments of patterns, `.` for all. */
  readonly embeds: readonly string[];
}

/** What is needed of the index. */
export type GraphIndex = Pick<ContentIndex, 'digest' | 'names' | 'header' | 'look' | 'changed'>;

/** What it was like when Go was asked. */
export interface DirPrint {
  readonly names: string;
  /** Of the names that can matter to Go alone. */
  readonly relevant: string;
  readonly contents: string;
}

/** One for each directory, and one for its tests where Go was asked for them; packages of the module cache need none. */
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

/** No directory ends so. */
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

/** `p [p.test]` and `p_test [p.test]` hold the test files; other variants, `q [p.test]`, are compiled anew as they are. */
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

/** The first that differs, in words; undefined: as it was. Names are read only where their digest differs. */
export function changeOf(watched: WatchedDir, print: DirPrint, index: GraphIndex): string | undefined {
  if (index.names(watched.dir).slice(0, DIGITS) !== print.names && relevantPrint(watched) !== print.relevant) {
    return `files were added, removed or renamed in ${watched.dir}`;
  }
  return contentsPrint(watched, index) === print.contents
    ? undefined
    : `imports, constraints or embedded names changed in ${watched.dir}`;
}

/** Not hashed once more: comparing is cheaper, and this is done for every directory of every run that is not a no-op. */
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

/** Whether something of it was touched then or later. The index has looked at all of it before. */
export function touchedSince({ dir, sources, trees }: WatchedDir, time: number, index: GraphIndex): boolean {
  return [dir, ...trees, ...sources.map((name) => dir + sep + name)].some((path) =>
    isSince(index.look(path).stat?.ctimeMs, time),
  );
}

/** Some file systems count whole seconds, or two. */
const isSince = (changed: number | undefined, time: number): boolean =>
  changed !== undefined && (Number.isInteger(changed / 1000) ? changed + 2000 : changed) >= time;
