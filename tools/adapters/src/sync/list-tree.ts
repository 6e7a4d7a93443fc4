import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Entries, Entry } from './entry.ts';

/** Everything below `root` but what is excluded: a path from the root (`/_output`), or a name anywhere (`node_modules`). */
export function listTree(root: string, exclude: readonly string[]): Entries {
  const paths = new Set(exclude.filter((each) => each.startsWith('/')).map((each) => each.slice(1)));
  const names = new Set(exclude.filter((each) => !each.startsWith('/')));
  const entries = new Map<string, Entry>();
  const visit = (directory: string): void => {
    for (const found of entriesOf(directory === '' ? root : `${root}/${directory}`)) {
      const path = directory === '' ? found.name : `${directory}/${found.name}`;
      if (names.has(found.name) || paths.has(path)) continue;
      const entry = entryOf(`${root}/${path}`, found);
      if (entry === undefined) continue;
      entries.set(path, entry);
      if (entry.kind === 'directory') visit(path);
    }
  };
  visit('');
  return entries;
}

/** What disappears while it is looked at was not there. */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for what no build reads: sockets, pipes, devices. */
function entryOf(path: string, found: Dirent): Entry | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const stamp = `${stat.ino} ${stat.ctimeMs}`;
  if (found.isDirectory()) return { kind: 'directory', mode: stat.mode & 0o7777, size: 0, modified: 0 };
  if (found.isSymbolicLink()) return { kind: 'link', mode: 0, size: 0, modified: 0, target: readlinkSync(path), stamp };
  if (!found.isFile()) return undefined;
  return { kind: 'file', mode: stat.mode & 0o7777, size: stat.size, modified: stat.mtimeMs, stamp };
}
