import { chownSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Trust, findRoot } from './find-root.ts';
import { writtenTree } from './fixtures/written-tree.ts';

const everybody: Trust = { users: undefined, isSafe: () => false };

test.each<[string, string[], string]>([
  ['the nearest go.mod', ['go.mod', 'inner/go.mod'], 'inner'],
  ['go.work above a module', ['go.work', 'inner/go.mod'], ''],
  ['scripts above a module', ['hack/lib/golang.sh', 'go.mod', 'inner/go.mod'], ''],
  ['a configuration before go.work above it', ['go.work', 'inner/slipway.config.ts'], 'inner'],
])('%s', (_what, files, expected) => {
  using tree = writtenTree({ 'inner/deep/x.txt': '', ...Object.fromEntries(files.map((file) => [file, ''])) });
  expect(findRoot(`${tree.root}/inner/deep`, everybody)).toBe(expected === '' ? tree.root : `${tree.root}/${expected}`);
});

test('symbolic links are resolved', () => {
  using tree = writtenTree({ 'real/go.mod': '' });
  symlinkSync('real', `${tree.root}/link`);
  expect(findRoot(`${tree.root}/link`, everybody)).toBe(`${tree.root}/real`);
});

test('no tree', () => {
  using tree = writtenTree();
  expect(() => findRoot(tree.root, everybody)).toThrow(/NO_TREE/);
});

test('the search ends at the root of the repository', () => {
  using tree = writtenTree({ 'slipway.config.ts': '', 'inner/.git/HEAD': '', 'inner/deep/x.txt': '' });
  expect(() => findRoot(`${tree.root}/inner/deep`, everybody)).toThrow(/NO_TREE/);
});

const OTHER_USER = 'only root can make files of another user';

test.for(['slipway.config.ts', 'hack/lib/golang.sh', 'go.work', 'go.mod', '.'])(
  'a tree whose %s has another owner is accepted if the user says so',
  (name, { skip }) => {
    if (process.getuid?.() !== 0) return skip(OTHER_USER);
    using tree = writtenTree({ [name === '.' ? 'go.mod' : name]: '', 'deep/x.txt': '' });
    chownSync(`${tree.root}/${name}`, 65_534, 65_534);
    const asked: string[][] = [];
    const trust = (isSafe: boolean): Trust => ({
      users: [0],
      isSafe: (directories) => (asked.push([...directories]), isSafe),
    });
    expect(() => findRoot(`${tree.root}/deep`, trust(false))).toThrow(/UNSAFE_TREE/);
    expect(findRoot(`${tree.root}/deep`, trust(true))).toBe(tree.root);
    expect(findRoot(`${tree.root}/deep`, { users: [0, 65_534], isSafe: () => false })).toBe(tree.root);
    expect(asked[0]![0]).toBe(tree.root);
  },
);
