import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path/posix';
import type { GraphPackage } from '../graph/port.ts';

/** Go writes capital letters of a path as `!` and the small letter, for file systems that ignore case. */
const escaped = (path: string): string => path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);

/** The module cache of packages outside the tree; undefined without such packages. */
export function moduleCacheOf(packages: readonly GraphPackage[]): string | undefined {
  for (const { dir, fixedBy } of packages) {
    const at = fixedBy === undefined ? -1 : dir.indexOf(`/${escaped(fixedBy)}`);
    if (at > 0) return dir.slice(0, at);
  }
  return undefined;
}

/**
 * The files that Go needs in a module cache besides packages, to work offline: the go.mod of each module in a go.sum,
 * the sum of each unpacked module, and that module's directory, because Go looks for a package in every module whose
 * path is a prefix.
 */
export function sumsIn(files: readonly string[], cache: string): { files: string[]; directories: string[] } {
  const found = { files: new Set<string>(), directories: new Set<string>() };
  for (const file of files.filter((each) => /^go(?:\.work)?\.sum$/.test(basename(each)) && existsSync(each)))
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [path, version = ''] = line.split(' ');
      if (!path || version === '') continue;
      const own = version.endsWith('/go.mod') ? version.slice(0, -'/go.mod'.length) : version;
      const download = join(cache, 'cache/download', escaped(path), '@v', escaped(own));
      if (own !== version) {
        found.files.add(`${download}.mod`);
        continue;
      }
      const dir = join(cache, `${escaped(path)}@${escaped(own)}`);
      if (!existsSync(dir)) continue;
      found.directories.add(dir);
      for (const end of ['ziphash', 'info']) found.files.add(`${download}.${end}`);
    }
  return { files: [...found.files], directories: [...found.directories] };
}
