import { dirname } from 'node:path/posix';
import type { Closure } from '../graph/port.ts';
import type { JudgeParts } from './judge.ts';
import type { Reads } from './reads.ts';

/** What a key speaks of. */
export interface Behind {
  readonly closure: Closure;
  readonly reads: Reads;
}

/** Those looked at that lie where these keys speak of, and what decides for all. */
export function pathsBehind(
  keys: readonly Behind[],
  { settings, index }: Pick<JudgeParts, 'settings' | 'index'>,
): string[] {
  const closures = keys.map(({ closure }) => closure);
  const dirs = new Set<string>();
  for (const each of new Set(closures.flatMap(({ packages }) => packages)))
    if (each.fixedBy === undefined) {
      dirs.add(each.dir);
      for (const file of each.files) if (file.includes('/')) dirs.add(dirname(`${each.dir}/${file}`));
    }
  const decisive = new Set([...Object.values(settings), ...keys.flatMap(({ reads }) => [...reads.paths])]);
  return index.paths().filter((path) => dirs.has(path) || dirs.has(dirname(path)) || decisive.has(path));
}

/** Whether something the key speaks of changed since, or came to be: Go may have read the new content. */
export function isMoved(
  { closure: { packages }, reads }: Behind,
  moved: readonly string[],
  { settings }: Pick<JudgeParts, 'settings'>,
): boolean {
  if (moved.length === 0) return false;
  const paths = new Set(moved);
  const dirs = new Set([...moved, ...moved.map((path) => dirname(path))]);
  // A file that a constraint left out is in the directory, and not among the files.
  return (
    Object.values(settings).some((path) => paths.has(path)) ||
    moved.some((path) => reads.paths.has(path)) ||
    packages.some(
      ({ fixedBy, dir, files }) =>
        fixedBy === undefined &&
        (dirs.has(dir) || files.some((file) => file.includes('/') && dirs.has(dirname(`${dir}/${file}`)))),
    )
  );
}
