import { dirname } from 'node:path/posix';
import type { GraphPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';
import type { Identity } from './identity.ts';

/** The inputs of a key. */
type Behind = Pick<Identity, 'closure' | 'paths'>;

const packagesOf = ({ closure }: Behind): readonly GraphPackage[] =>
  (closure?.packages ?? []).filter(({ fixedBy }) => fixedBy === undefined);

/** The inputs of these keys that have changed since the index looked at them. */
export function changedDuringRun(keys: readonly Behind[], index: ContentIndex): string[] {
  const files = new Set(keys.flatMap(({ paths }) => [...paths]));
  const packages = new Set(keys.flatMap(packagesOf));
  if (packages.size === 0) return index.changed(files);
  const dirs = new Set<string>();
  for (const { dir, files: names } of packages) {
    dirs.add(dir);
    for (const name of names) if (name.includes('/')) dirs.add(dirname(`${dir}/${name}`));
  }
  return index.changed(index.paths().filter((path) => dirs.has(path) || dirs.has(dirname(path)) || files.has(path)));
}

/** Reports whether a change concerns the key: the program may have read the new content. */
export function concerns(behind: Behind, changed: readonly string[]): boolean {
  if (changed.length === 0) return false;
  if (changed.some((path) => behind.paths.has(path))) return true;
  const dirs = new Set([...changed, ...changed.map((path) => dirname(path))]);
  // A file that a constraint excluded is in the directory, but not in the list of files.
  return packagesOf(behind).some(
    ({ dir, files }) =>
      dirs.has(dir) || files.some((file) => file.includes('/') && dirs.has(dirname(`${dir}/${file}`))),
  );
}
