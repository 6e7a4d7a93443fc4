import { dirname, join, resolve } from 'node:path';
import { FailureError } from '@slipway/model';
import { configFileName } from '@slipway/catalog';
import { isFile, realPath } from './disk.ts';

/** Files that make a directory the root of a tree, wherever below it one stands. */
const rootMarks = [configFileName, 'hack/lib/golang.sh', 'go.work'];

/**
 * The tree `dir` belongs to: the first directory at or above it with a root mark, else the nearest with a go.mod. Symbolic
 * links are resolved. Throws NO_TREE.
 */
export function findRoot(dir: string): string {
  const above = [...ancestors(realPath(resolve(dir)))];
  const marked = above.find((candidate) => rootMarks.some((mark) => isFile(join(candidate, mark))));
  const root = marked ?? above.find((candidate) => isFile(join(candidate, 'go.mod')));
  if (root === undefined) throw new FailureError({ code: 'NO_TREE', dir });
  return root;
}

/** `dir` and every directory above it, nearest first. */
function* ancestors(dir: string): Generator<string> {
  yield dir;
  if (dirname(dir) !== dir) yield* ancestors(dirname(dir));
}
