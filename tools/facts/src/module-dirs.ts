import { join, posix } from 'node:path';
import type { Rooted } from './disk.ts';

/** How many levels below the root modules are looked for: `api`, `client/v3`. */
const MODULE_DEPTH = 2;

const elsewhere = ['staging', 'vendor', 'testdata', 'node_modules'];
/** In them are no modules by convention, and a new file changes nothing: a listing of one would be an input of every run. */
const withoutModules = ['doc', 'docs', 'documentation', 'site', 'website', 'charts', 'manifests', 'images', 'assets'];
const passedOver: ReadonlySet<string> = new Set([...elsewhere, ...withoutModules]);

/**
 * Directories with a go.mod below the root, which nobody lists in a go.work. A tree with Kubernetes' scripts has its modules in staging/,
 * which is looked at by itself.
 */
export function moduleDirs({ root, disk }: Rooted): string[] {
  if (disk.isFile(join(root, 'hack/lib/golang.sh'))) return [];
  const search = (dir: string, depth: number): string[] =>
    disk
      .listDirectory(join(root, dir))
      .directories.filter((name) => /^[^._]/.test(name) && !passedOver.has(name))
      .map((name) => posix.join(dir, name))
      .flatMap((inner) => [
        ...(disk.isFile(join(root, inner, 'go.mod')) ? [inner] : []),
        ...(depth > 1 ? search(inner, depth - 1) : []),
      ]);
  return search('.', MODULE_DEPTH);
}
