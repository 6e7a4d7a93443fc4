import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Bytes that Go may need beside its caches: the largest links write some hundred megabytes there. */
const ROOM = 2 ** 30;

/**
 * Go's work directory: the user's cache directory, or the temporary directory if the first is read-only or full. It is
 * not in the tree, because a C compiler writes a path below a module into its results, and Go's path is new each time.
 */
export function goScratch(root: string, caches: string | undefined): string {
  const places = [...(caches === undefined ? [] : [join(caches, 'tmp')]), join(tmpdir(), `slipway-${userInfo().uid}`)];
  const outside = places.filter((place) => !`${place}/`.startsWith(`${root}/`));
  return outside.find((place) => hasRoom(place)) ?? outside.at(-1) ?? places.at(-1)!;
}

/** Checks the directory, or its nearest existing parent. */
function hasRoom(place: string): boolean {
  if (!existsSync(place)) return place !== dirname(place) && hasRoom(dirname(place));
  try {
    accessSync(place, constants.W_OK);
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
