import { symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRoot } from './find-root.ts';
import { writtenTree } from './fixtures/written-tree.ts';

test.each<[string, string[], string]>([
  ['the nearest go.mod', ['go.mod', 'inner/go.mod'], 'inner'],
  ['go.work above a module', ['go.work', 'inner/go.mod'], ''],
  ['scripts above a module', ['hack/lib/golang.sh', 'go.mod', 'inner/go.mod'], ''],
  ['a configuration before go.work above it', ['go.work', 'inner/slipway.config.ts'], 'inner'],
])('%s', (_what, files, expected) => {
  using tree = writtenTree({ 'inner/deep/x.txt': '', ...Object.fromEntries(files.map((file) => [file, ''])) });
  expect(findRoot(`${tree.root}/inner/deep`)).toBe(expected === '' ? tree.root : `${tree.root}/${expected}`);
});

test('links are seen through', () => {
  using tree = writtenTree({ 'real/go.mod': '' });
  symlinkSync('real', `${tree.root}/link`);
  expect(findRoot(`${tree.root}/link`)).toBe(`${tree.root}/real`);
});

test('no tree', () => {
  using tree = writtenTree();
  expect(() => findRoot(tree.root)).toThrow(/NO_TREE/);
});
