import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ListedPackage, chooseTargets, openTouch } from './edits.ts';
import { Workspace } from './workspace.ts';

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

test('the bench chooses a leaf and a widely imported package of the tree itself, also through links in vendor/', () => {
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

test('every file of the tree is touched, and its time is restored', async () => {
  const tree = join(root, 'touched');
  for (const name of ['a/b', '_output']) mkdirSync(join(tree, name), { recursive: true });
  const paths = ['one', 'a/b/two', '_output/three'].map((name) => join(tree, name));
  for (const path of paths) writeFileSync(path, 'text');
  symlinkSync('/nowhere', join(tree, 'link'));
  for (const path of paths) utimesSync(path, 1000, 1000);
  const times = (): number[] => paths.map((path) => statSync(path).mtimeMs);
  await using workspace = new Workspace();
  const touch = openTouch(tree, workspace);
  touch.apply(1);
  expect(times().map((time) => time > 1_000_000)).toEqual([true, true, false]);
  touch.undo();
  expect(times()).toEqual([1_000_000, 1_000_000, 1_000_000]);
});
