import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { FailureError } from '@slipway/model';
import { configFileName } from '@slipway/catalog';
import { type Disk, openDisk, realPath } from './disk.ts';
import { moduleDirs } from './module-dirs.ts';

/** A directory with one of these files is the root of a tree for all directories below. */
const rootMarks = [configFileName, 'hack/lib/golang.sh', 'go.work'];

/** Which owners' trees are accepted, by git's rules. */
export interface Trust {
  /** Trusted owners; undefined: everybody, on systems where files have no owners. */
  readonly users: readonly number[] | undefined;
  /** Reports whether the user trusts one of these directories. Called only for another owner. */
  isSafe(directories: readonly string[]): boolean;
}

/**
 * The root of the tree that contains `dir`: the first directory at or above it with a root mark, else the nearest with
 * a go.mod, else the repository if it has modules; never above the repository. Symbolic links are resolved. Throws
 * NO_TREE, and UNSAFE_TREE for another owner. `disk` records the lookups.
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

/** `dir` and its parents, nearest first, up to the root of its repository. */
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

/** The owner of the path itself, even if it is a link; undefined if it does not exist. */
function ownerOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.uid;
  } catch {
    return undefined;
  }
}
