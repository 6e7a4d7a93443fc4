import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';

/**
 * The real path of a directory relative to the root, as git names it (`.` for the root); undefined outside the tree. In
 * a tree whose `vendor/` links to its `staging/`, Go reports the link.
 */
export function placeInTree(root: string): (dir: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const find = (dir: string): string | undefined => {
    if (dir === '') return undefined;
    const inner = relative(root, realPath(dir));
    return inner.startsWith('..') ? undefined : inner.split(sep).join('/') || '.';
  };
  return (dir) => {
    if (!known.has(dir)) known.set(dir, find(dir));
    return known.get(dir);
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
