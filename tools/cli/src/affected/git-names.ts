import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A resolved path, and the symbolic links on the way. Absolute. */
interface Led {
  readonly real: string;
  readonly links: readonly string[];
}

/** More links than any valid path contains. */
const MOST_LINKS = 40;

/**
 * The names under which git may list an absolute path: its real path, and each link on the way, which git tracks as a
 * file. Relative to the root, with `..` outside of it.
 */
export function gitNames(root: string): {
  readonly real: (path: string) => string;
  readonly links: (path: string) => string[];
} {
  const known = new Map<string, Led>();
  const follow = (path: string, left = MOST_LINKS): Led => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const led = dirname(path) === path ? { real: path, links: [] } : step(path, left);
    known.set(path, led);
    return led;
  };
  const step = (path: string, left: number): Led => {
    const above = follow(dirname(path), left);
    const here = join(above.real, basename(path));
    const target = left > 0 ? linkAt(here) : undefined;
    if (target === undefined) return { real: here, links: above.links };
    const there = follow(resolve(above.real, target), left - 1);
    return { real: there.real, links: [...above.links, here, ...there.links] };
  };
  const name = (path: string): string => relative(root, path).split(sep).join('/') || '.';
  return {
    real: (path) => name(follow(path).real),
    links: (path) => (isAbsolute(path) ? follow(path).links.map(name) : []),
  };
}

function linkAt(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}
