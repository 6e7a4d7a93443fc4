import { statSync } from 'node:fs';
import { ALL_VARIABLES, type Observed } from '@slipway/model';
import type { Access } from './strace.ts';

/** Paths that a program accessed, absolute. */
export interface Reads {
  /** Files that were read, and directories that were listed. */
  readonly opened: readonly string[];
  readonly looked: readonly string[];
  readonly variables: readonly string[];
}

/**
 * The reads of traced programs. Files that they created earlier are not inputs. If they check a path and then create
 * it, its absence is an input.
 */
export function tracedReads(accesses: readonly Access[]): Reads {
  const made = new Set<string>();
  const isMade = (path: string): boolean => {
    for (let at = path; at.length > 1; at = at.slice(0, Math.max(1, at.lastIndexOf('/'))))
      if (made.has(at)) return true;
    return false;
  };
  const opened = new Set<string>();
  const looked = new Set<string>();
  for (const { kind, path, real } of accesses) {
    if (kind === 'made') made.add(path);
    else if (kind !== 'network' && !isMade(path)) {
      looked.add(path).add(real);
      if (kind === 'read' || kind === 'listed') opened.add(path);
    }
  }
  // A program may read any variable, and strace does not show which.
  return { opened: [...opened], looked: [...looked], variables: [ALL_VARIABLES] };
}

/** Directories whose content is not an input, because the program or its caller created it. */
export function observedOf({ opened, looked, variables }: Reads, own: readonly string[]): Observed {
  const directories = own.filter((dir) => dir !== '');
  const isOthers = (path: string): boolean => !directories.some((dir) => path === dir || path.startsWith(`${dir}/`));
  // It exists as long as they do.
  const isAbove = (path: string): boolean => directories.some((dir) => dir.startsWith(`${path}/`));
  return {
    files: [...new Set([...opened, ...looked])].filter((path) => isOthers(path) && !isAbove(path)),
    listings: [...new Set(opened)].filter(isOthers).filter(isDirectory),
    variables: [...new Set(variables)],
  };
}

/** A program looks at places that its user may not look at, such as a directory of PATH: none of them was listed. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
