import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { FailureError } from '@slipway/model';

/** Where a run may write and remove. All paths are absolute. */
export interface Territory {
  /** The tree. */
  readonly root: string;
  /** The output directory, in the tree or elsewhere. */
  readonly output: string;
  /** Whether git tracks this link of the tree; also true when there is a repository and git gives no answer. */
  isTracked(path: string): Promise<boolean>;
}

/**
 * Throws FOREIGN_LINK when a place, or a directory on the way to it, is a link that the run may not follow. The output may be a
 * link, and may lie behind one, if the user made the link: git does not track it, and no other user owns it. Below the output
 * no link is allowed, because no run makes one where it writes. Elsewhere in the tree a link may lead to another place of the tree.
 */
export async function checkPlaces(places: Iterable<string>, territory: Territory): Promise<void> {
  const { output, root } = territory;
  const all = new Set(places);
  const below = [...all].filter((place) => isIn(output, place));
  if (below.length > 0)
    for (const part of partsOf(isIn(root, output) ? root : '/', output)) await checkWay(part, territory);
  for (const part of new Set(below.flatMap((place) => partsOf(output, place))))
    await refuse(
      part,
      'slipway makes no link here, so somebody else would say where results go',
      `rm '${part}', then run it again`,
    );
  const real = await realpath(root);
  for (const place of all) if (!isIn(output, place) && isIn(root, place)) await checkSource(place, { root, real });
}

/** The directories below `from` on the way to `to`, and `to` itself. */
function partsOf(from: string, to: string): string[] {
  const names = relative(from, to).split(sep).filter(Boolean);
  return names.map((_, index) => join(from, ...names.slice(0, index + 1)));
}

const ELSEWHERE = 'choose another place: OUT_DIR=/some/dir';
const IN_TREE = 'make it a directory, or name another place in slipway.config.ts: clean, generators';

/** Refuses a link that the user did not make. */
async function checkWay(path: string, { root, isTracked }: Territory): Promise<void> {
  const found = await lstatIfExists(path);
  if (found?.isSymbolicLink() !== true) return;
  const inTree = isIn(root, path);
  const own = process.getuid?.();
  // Root who builds the tree of another user runs that user's code anyway.
  const owners = own === 0 ? [0, (await lstat(root)).uid] : inTree ? [own] : [own, 0];
  if (own !== undefined && !owners.includes(found.uid))
    await refuse(path, `user ${found.uid} made it, and you did not`, ELSEWHERE);
  if (inTree && (await isTracked(path)))
    await refuse(path, 'git tracks it, or gives no answer: the tree would say where results go', ELSEWHERE);
}

/** Refuses a link by which a file among the sources would be written outside of the tree. */
async function checkSource(place: string, tree: { readonly root: string; readonly real: string }): Promise<void> {
  if (isIn(tree.real, await realpathOfExisting(place))) return;
  for (const part of partsOf(tree.root, place))
    if (!isIn(tree.real, await realpathOfExisting(part))) await refuse(part, 'it leads out of the tree', IN_TREE);
}

async function refuse(path: string, fact: string, hint: string): Promise<void> {
  const found = await lstatIfExists(path);
  if (found?.isSymbolicLink() !== true) return;
  throw new FailureError({ code: 'FOREIGN_LINK', path, target: await readlink(path), fact, hint });
}

async function realpathOfExisting(path: string): Promise<string> {
  return realpath(path).catch((error: unknown) => {
    if (dirname(path) === path) throw error;
    return realpathOfExisting(dirname(path));
  });
}

const lstatIfExists = (path: string) => lstat(path).catch(() => undefined);

/** Equal to the directory, or below it. */
function isIn(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
