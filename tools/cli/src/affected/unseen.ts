import { dirname } from 'node:path/posix';
import type { GitChanges } from './changed-files.ts';

/** A product and all files it is made from. */
export interface MadeOf {
  readonly name: string;
  readonly read: readonly string[];
}

export interface Unseen {
  /** Relative to the root; for a file outside of it, its directory. */
  readonly name: string;
  /** Names of the products. */
  readonly by: readonly string[];
}

/** Inputs that git does not track: ignored files, and files in no repository. Sorted by name. */
export function unseenOf(made: readonly MadeOf[], { sees }: Pick<GitChanges, 'sees'>): Unseen[] {
  const found = new Map<string, Set<string>>();
  for (const { name: by, read } of made) {
    for (const file of read.filter((name) => !sees(name))) {
      const name = file.startsWith('../') ? dirname(file) : file;
      found.set(name, (found.get(name) ?? new Set()).add(by));
    }
  }
  return [...found].map(([name, by]) => ({ name, by: [...by].sort() })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
