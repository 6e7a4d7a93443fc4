import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { memoryTree, openTree } from './tree.ts';

function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'slipway-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  return root;
}

test('a tree lists tracked and new files, not ignored or deleted ones', () => {
  const root = repository({ '.gitignore': 'ignored\n', ignored: '', tracked: 'a', gone: '' });
  execFileSync('git', ['add', '.'], { cwd: root });
  rmSync(join(root, 'gone'));
  writeFileSync(join(root, 'new file'), '');
  symlinkSync('.', join(root, 'link to a directory'));
  expect(openTree(root).list()).toEqual(['.gitignore', 'new file', 'tracked']);
});

test('edits are seen at once and reach the disk with flush only', () => {
  const root = repository({ a: 'old', b: 'old' });
  const tree = openTree(root);
  tree.write('a', 'new');
  tree.write('deep/c', 'new');
  tree.delete('b');
  expect(tree.list()).toEqual(['a', 'deep/c']);
  expect(tree.read('a')).toBe('new');
  expect(tree.changes()).toEqual(['a', 'b', 'deep/c']);
  expect(readFileSync(join(root, 'a'), 'utf8')).toBe('old');
  tree.flush();
  expect(readFileSync(join(root, 'deep/c'), 'utf8')).toBe('new');
  expect(existsSync(join(root, 'b'))).toBe(false);
});

test('writing the same text back is no change', () => {
  const tree = memoryTree({ a: 'old' });
  tree.write('a', 'new');
  tree.write('a', 'old');
  tree.write('b', 'new');
  tree.delete('b');
  expect(tree.changes()).toEqual([]);
});

test('reading a missing file fails', () => {
  expect(() => memoryTree({}).read('a')).toThrow('a is not in the tree');
});
