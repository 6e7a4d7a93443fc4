import { hash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { sep } from 'node:path';
import type { ContentIndex } from '../index/port.ts';
import { embedDirs, entriesOf } from './embed-dirs.ts';
import type { ListedPackage } from './listed.ts';

/** What of one directory decides the graph. */
export interface WatchedDir {
  readonly dir: string;
  /** Files in it, by header. */
  readonly sources: readonly string[];
  /** Absolute; directories that embed patterns reach, by names. */
  readonly trees: readonly string[];
  /** Any name may be embedded, not only those Go compiles. */
  readonly embeds: boolean;
  /** Test files count. */
  readonly tested: boolean;
}

/** What it was like when Go was asked. */
export interface DirPrint {
  readonly names: string;
  /** Of the names that can matter to Go alone; empty where all can. */
  readonly relevant: string;
  readonly contents: string;
}

/** One for each directory; packages of the module cache need none. */
export function watchedDirs(packages: readonly ListedPackage[]): Map<string, WatchedDir> {
  const dirs = new Map<string, WatchedDir>();
  for (const one of packages) {
    if (one.fixedBy !== undefined || one.dir === '') continue;
    const watched = watchPackage(one);
    const found = dirs.get(one.dir);
    dirs.set(one.dir, found === undefined ? watched : unite(found, watched));
  }
  return dirs;
}

const watchPackage = ({ dir, sources, embedPatterns }: ListedPackage): WatchedDir => ({
  dir,
  sources,
  trees: embedPatterns.length === 0 ? [] : embedDirs(dir, embedPatterns),
  embeds: embedPatterns.length > 0,
  tested: sources.some((name) => name.endsWith('_test.go')),
});

export const unite = (one: WatchedDir, other: WatchedDir): WatchedDir => ({
  dir: one.dir,
  sources: union(one.sources, other.sources),
  trees: union(one.trees, other.trees),
  embeds: one.embeds || other.embeds,
  tested: one.tested || other.tested,
});

const union = (one: readonly string[], other: readonly string[]): readonly string[] =>
  other.length === 0 ? one : [...new Set([...one, ...other])].sort();

export const printDir = (watched: WatchedDir, index: ContentIndex): DirPrint => ({
  names: short(index.names(watched.dir)),
  relevant: relevantPrint(watched),
  contents: contentsPrint(watched, index),
});

/** The first that differs, in words; undefined: as it was. Names are read only where their digest differs. */
export function changeOf(watched: WatchedDir, print: DirPrint, index: ContentIndex): string | undefined {
  if (short(index.names(watched.dir)) !== print.names && (watched.embeds || relevantPrint(watched) !== print.relevant)) {
    return `files were added, removed or renamed in ${watched.dir}`;
  }
  return contentsPrint(watched, index) === print.contents ? undefined : `imports, constraints or embedded names changed in ${watched.dir}`;
}

function contentsPrint({ dir, sources, trees }: WatchedDir, index: ContentIndex): string {
  const at = dir + sep;
  let text = '';
  for (const name of sources) text += index.header(at + name);
  for (const tree of trees) text += index.names(tree);
  return short(text);
}

const SOURCE = /^[^._].*\.(?:go|c|cc|cpp|cxx|m|h|hh|hpp|hxx|f|F|for|f90|s|S|sx|swig|swigcxx|syso)$|^(?:go\.mod|default\.pgo)$/s;

function relevantPrint({ dir, embeds, tested }: WatchedDir): string {
  if (embeds) return '';
  const names = entriesOf(dir)
    .filter(({ name }) => SOURCE.test(name) && (tested || !name.endsWith('_test.go')))
    .map((entry) => `${entry.name}\0${kindOf(entry)}`);
  return short(names.sort().join('\0'));
}

const kindOf = (entry: Dirent): string => (entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : 'other');

/** Whether something of it was touched then or later. The index has looked at all of it before. */
export function touchedSince({ dir, sources, trees }: WatchedDir, time: number, index: ContentIndex): boolean {
  return [dir, ...trees, ...sources.map((name) => dir + sep + name)].some((path) => isSince(index.look(path).stat?.ctimeMs, time));
}

/** Some file systems count whole seconds, or two. */
const isSince = (changed: number | undefined, time: number): boolean =>
  changed !== undefined && (Number.isInteger(changed / 1000) ? changed + 2000 : changed) >= time;

const short = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);
