import { join } from 'node:path';
import { directoryOf } from './go-directories.ts';
import type { SourceTree } from './go-source.ts';

/** Generators ignore generated files and tests. */
const isRead = (name: string): boolean =>
  name.endsWith('.go') && !name.endsWith('_test.go') && !name.startsWith('zz_generated.');

/**
 * Go files, relative to the root, of these directories and of their imports in the tree and its vendor directory. It
 * ignores build constraints: an extra file at worst causes a run that generates the same bytes.
 */
export function sourceClosure(dirs: readonly string[], tree: SourceTree): string[] {
  const files: string[] = [];
  const seen = new Set(dirs);
  const queue = [...dirs];
  for (let dir = queue.pop(); dir !== undefined; dir = queue.pop()) {
    for (const name of tree.disk.listDirectory(join(tree.root, dir)).files.filter(isRead)) {
      files.push(`${dir}/${name}`);
      for (const path of tree.goSource(join(tree.root, dir, name)).imports) {
        const imported = directoryOf(path, tree);
        if (imported === undefined || seen.has(imported)) continue;
        seen.add(imported);
        queue.push(imported);
      }
    }
  }
  return files.sort();
}
