import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Bytes Go may need beside its caches: the largest links write some hundred megabytes there. */
const ROOM = 2 ** 30;

/**
 * Where Go works: the user's cache directory, or where that is not to be written to or full, the one for temporary files. Not in the
 * tree: of a place below a module a C compiler writes the name into its results, and Go's is new each time.
 */
export function goScratch(root: string, caches: string | undefined): string {
  const places = [...(caches === undefined ? [] : [join(caches, 'tmp')]), join(tmpdir(), `slipway-${userInfo().uid}`)];
  const outside = places.filter((place) => !`${place}/`.startsWith(`${root}/`));
  return outside.find((place) => hasRoom(place)) ?? outside.at(-1) ?? places.at(-1)!;
}

/** Of the directory, or of the nearest one above it that is there. */
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
