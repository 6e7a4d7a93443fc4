import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path/posix';
import type { GraphPackage } from '../graph/port.ts';

/** Go writes capitals of a path as `!` and the small letter, for disks that see no difference. */
const escaped = (path: string): string => path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);

/** Where the modules of packages lie that are in no tree; undefined where there are none. */
export function moduleCacheOf(packages: readonly GraphPackage[]): string | undefined {
  for (const { dir, fixedBy } of packages) {
    const at = fixedBy === undefined ? -1 : dir.indexOf(`/${escaped(fixedBy)}`);
    if (at > 0) return dir.slice(0, at);
  }
  return undefined;
}

/**
 * What Go needs of a cache of modules besides their packages, so that it asks nobody: the go.mod of each module that a go.sum knows,
 * the sum of each that was unpacked, and the directory of that, as it looks for a package in every module whose path begins its own.
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
