import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FailureError } from '@slipway/model';
import { configFileName } from '@slipway/catalog';
import { type Disk, openDisk, realPath } from './disk.ts';
import { moduleDirs } from './module-dirs.ts';

/** Files that make a directory the root of a tree, wherever below it one stands. */
const rootMarks = [configFileName, 'hack/lib/golang.sh', 'go.work'];

/** Whose trees are taken, as git decides it. */
export interface Trust {
  /** Owners that are believed; undefined: everybody, as files have no owners here. */
  readonly users: readonly number[] | undefined;
  /** Whether the user said so of one of these directories. Asked only where an owner is another one. */
  isSafe(directories: readonly string[]): boolean;
}

/**
 * The tree `dir` belongs to: the first directory at or above it with a root mark, else the nearest with a go.mod, else
 * the repository with modules in it; none beyond that. Symbolic links are resolved. Throws NO_TREE, and UNSAFE_TREE for one of somebody else.
 * `disk` is told what was looked at.
 */
export function findRoot(dir: string, trust: Trust, disk: Disk = openDisk()): string {
  const above = withinRepository(realPath(resolve(dir)));
  const marked = above.find((candidate) => rootMarks.some((mark) => disk.isFile(join(candidate, mark))));
  const top = above.at(-1)!;
  const root =
    marked ??
    above.find((candidate) => disk.isFile(join(candidate, 'go.mod'))) ??
    (ownerOf(join(top, '.git')) !== undefined && moduleDirs({ root: top, disk }).length > 0 ? top : undefined);
  if (root === undefined) throw new FailureError({ code: 'NO_TREE', dir });
  checkOwners(root, trust, [root, top]);
  return root;
}

/** `dir` and every directory above it, nearest first, up to the root of its repository. */
function withinRepository(dir: string): string[] {
  const isEnd = dirname(dir) === dir || ownerOf(join(dir, '.git')) !== undefined;
  return isEnd ? [dir] : [dir, ...withinRepository(dirname(dir))];
}

function checkOwners(root: string, { users, isSafe }: Trust, directories: readonly string[]): void {
  if (users === undefined) return;
  for (const mark of [root, ...[...rootMarks, 'go.mod'].map((name) => join(root, name))]) {
    const owner = ownerOf(mark);
    if (owner === undefined || users.includes(owner)) continue;
    if (isSafe(directories)) return;
    throw new FailureError({ code: 'UNSAFE_TREE', root, mark, owner, user: users[0]! });
  }
}

/** Of a link the link's; undefined where nothing is. */
function ownerOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    return undefined;
  }
}
