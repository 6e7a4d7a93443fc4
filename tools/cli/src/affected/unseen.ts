import { dirname } from 'node:path/posix';
import type { GitChanges } from './changed-files.ts';

/** Something that is made, and all files it is made of. */
export interface MadeOf {
  readonly name: string;
  readonly read: readonly string[];
}

export interface Unseen {
  /** Relative to the root; of what lies beside it the directory. */
  readonly name: string;
  /** Names. */
  readonly by: readonly string[];
}

/** What things are made of and git says nothing of: what it ignores, what is in no repository, in order of name. */
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
