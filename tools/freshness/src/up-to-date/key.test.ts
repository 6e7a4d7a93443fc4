import { expect, test } from 'vitest';
import { type Action, type GoBuild, closureInput } from '@slipway/model';
import type { GraphPackage } from '../graph/port.ts';
import { CheckedTree, readsNothing } from './fixtures/checked-tree.ts';
import { openIndex } from '../index/open-index.ts';
import { accountedAction, accountedBuild, actionParts, closureParts, keyOf, packageDigest } from './key.ts';
import { seal } from '../index/fixtures/seal.ts';

/** Another value for each field. A missing field is a compile error. */
const otherBuild: { readonly [F in keyof GoBuild]: GoBuild[F] } = {
  platform: 'linux/arm64' as GoBuild['platform'],
  cgo: false,
  compiler: '/nowhere/cc',
  cxxCompiler: '/nowhere/c++',
  flags: ['build'],
  goVersion: '1.22.0',
};
const otherAction: { readonly [F in keyof Action]: Action[F] } = {
  id: 'elsewhere',
  name: 'c',
  words: ['m/cmd/c'],
  inputs: [],
  settings: { flags: 'other' },
  outputs: ['elsewhere/a'],
  hasResult: true,
  cache: { is: 'tree', why: 'it is large' },
};

test('every hashed field changes the key, and no other field does', () => {
  using tree = new CheckedTree();
  const index = openIndex(`${tree.base}/index`, { root: tree.root, seal });
  const [action] = tree.step().actions!;
  const { build } = closureInput(action!)!;
  const closure = { root: '', packages: [], library: [] };
  const key = (change: { action?: Partial<Action>; build?: Partial<GoBuild> }): string =>
    keyOf({
      ...actionParts({ ...action!, ...change.action }, { index, root: tree.root }),
      ...closureParts({ build: { ...build, ...change.build }, closure, index, reads: readsNothing }),
    });
  for (const [field, how] of Object.entries(accountedAction))
    expect(key({ action: { [field]: otherAction[field as keyof Action] } }) !== key({}), field).toBe(how === 'hashed');
  for (const [field, how] of Object.entries(accountedBuild))
    expect(key({ build: { [field]: otherBuild[field as keyof GoBuild] } }) !== key({}), field).toBe(how === 'hashed');
});

test('the C++ compiler is only in keys of commands with C++', () => {
  using tree = new CheckedTree();
  tree.write('c++', 'one');
  tree.write('another', 'two');
  const index = openIndex(`${tree.base}/index`, { root: tree.root, seal });
  const { build } = closureInput(tree.step().actions![0]!)!;
  const closure = (file: string) => ({
    root: '',
    packages: [{ importPath: 'm/x', dir: tree.root, files: [file], imports: [], fixedBy: 'x', goVersion: '1.21' }],
    library: [],
  });
  const key = (cxx: string, file: string): string =>
    keyOf(
      closureParts({
        build: { ...build, cxxCompiler: tree.path(cxx) },
        closure: closure(file),
        index,
        reads: readsNothing,
      }),
    );
  expect(key('c++', 'a.cc')).not.toBe(key('another', 'a.cc'));
  expect(key('c++', 'a.c')).toBe(key('another', 'a.c'));
});

test('a key does not depend on the order of its parts, and separates them', () => {
  expect(keyOf({ a: '1', b: '2' })).toBe(keyOf({ b: '2', a: '1' }));
  const keys = [{}, { a: '' }, { ab: 'c' }, { a: 'bc' }, { a: 'b', c: '' }, { a: 'b1:c0:' }, { a: '1:b', c: '' }].map(
    (parts) => keyOf(parts),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('a package is its files by name and its language version, not its path', () => {
  using tree = new CheckedTree();
  for (const dir of ['one', 'two']) for (const name of ['a.go', 'b.go']) tree.write(`${dir}/${name}`, name);
  const index = openIndex(`${tree.base}/index`, { root: tree.root, seal });
  const digest = (dir: string, more: Partial<GraphPackage> = {}): string =>
    packageDigest(
      {
        importPath: 'm/x',
        dir: tree.path(dir),
        files: ['a.go', 'b.go'],
        imports: [],
        fixedBy: undefined,
        goVersion: '1.21',
        ...more,
      },
      index,
    );
  expect(digest('two')).toBe(digest('one'));
  expect(digest('two', { importPath: 'm/y', imports: ['z'] })).toBe(digest('one'));
  expect(digest('nowhere', { fixedBy: 'm@v1' })).toBe(digest('elsewhere', { fixedBy: 'm@v1' }));
  const others = [
    digest('one', { files: ['a.go'] }),
    digest('one', { goVersion: '1.22' }),
    digest('one', { goVersion: undefined }),
    digest('nowhere'),
    digest('one', { fixedBy: 'm@v1' }),
  ];
  expect(new Set([digest('one'), ...others]).size).toBe(6);
});
