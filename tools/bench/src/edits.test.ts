import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ListedPackage, chooseTargets } from './edits.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'edits-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function listed(
  importPath: string,
  dir: string,
  imports: readonly string[],
  more: Partial<ListedPackage> = {},
): ListedPackage {
  mkdirSync(join(root, dir), { recursive: true });
  return {
    ImportPath: importPath,
    Name: importPath.slice(importPath.lastIndexOf('/') + 1),
    Dir: join(root, dir),
    GoFiles: ['a.go'],
    Imports: imports,
    ...more,
  };
}

test('a leaf and a widely imported package of the tree itself are chosen, through links in vendor/ too', () => {
  mkdirSync(join(root, 'staging/lib/wide'), { recursive: true });
  mkdirSync(join(root, 'vendor'), { recursive: true });
  symlinkSync('../staging/lib', join(root, 'vendor/lib'));
  const packages = [
    listed('fmt', 'vendor/fmt', [], { Standard: true }),
    listed('other/everywhere', 'vendor/other/everywhere', ['fmt']),
    listed('lib/wide', 'vendor/lib/wide', ['other/everywhere']),
    listed('a/pkg/middle', 'pkg/middle', ['lib/wide', 'other/everywhere']),
    listed('a/pkg/own', 'pkg/own', ['lib/wide', 'other/everywhere']),
    listed('a/cmd/x', 'cmd/x', ['a/pkg/middle', 'a/pkg/own', 'lib/wide'], { Name: 'main' }),
    listed('a/cmd/y', 'cmd/y', ['a/pkg/middle'], { Name: 'main' }),
  ];
  const { leaf, wide } = chooseTargets(packages, root);
  expect([leaf.ImportPath, wide.ImportPath]).toEqual(['a/pkg/own', 'lib/wide']);
  expect(chooseTargets(packages.slice(-1), root).leaf.ImportPath).toBe('a/cmd/y');
  expect(() => chooseTargets(packages.slice(0, 2), root)).toThrow('none can be edited');
});
