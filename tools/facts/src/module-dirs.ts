import { join, posix } from 'node:path';
import type { Rooted } from './disk.ts';

/** Maximum levels below the root for modules: `api`, `client/v3`. */
const MODULE_DEPTH = 2;

const elsewhere = ['staging', 'vendor', 'testdata', 'node_modules'];
/**
 * By convention these directories contain no modules. Slipway does not list them, so a new file in them affects no run.
 */
const withoutModules = ['doc', 'docs', 'documentation', 'site', 'website', 'charts', 'manifests', 'images', 'assets'];
const passedOver: ReadonlySet<string> = new Set([...elsewhere, ...withoutModules]);

/**
 * Directories with a go.mod below the root that no go.work lists. In a tree with Kubernetes' scripts the modules are in
 * staging/, which has its own rule.
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
