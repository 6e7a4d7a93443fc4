import { expect, test } from 'vitest';
import type { GoPart, GoWork } from '@slipway/model';
import type { GraphPackage } from '../graph/port.ts';
import { JudgedTree, readsNothing } from './fixtures/judged-tree.ts';
import { openIndex } from '../index/open-index.ts';
import { accountedPart, accountedWork, keyOf, keyParts, packageDigest } from './key.ts';
import { seal } from '../index/fixtures/seal.ts';

/** Another value of each field; what is left out would not compile. */
const otherWork: { readonly [F in keyof GoWork]: GoWork[F] } = {
  parts: [],
  platform: 'linux/arm64' as GoWork['platform'],
  cgo: false,
  compiler: '/nowhere/cc',
  cxxCompiler: '/nowhere/c++',
  flags: ['build'],
  variables: { GOOS: 'linux', GOAMD64: 'v3' },
  goVersion: '1.22.0',
  path: '/src',
};
const otherPart: { readonly [F in keyof GoPart]: GoPart[F] } = {
  name: 'c',
  importPath: 'm/cmd/c',
  test: true,
  output: 'elsewhere/a',
};

test('every field that is said to be hashed changes the key, and no other does', () => {
  using tree = new JudgedTree();
  const index = openIndex(`${tree.base}/index`, { root: tree.root, seal });
  const [go, part] = [tree.step().go!, tree.parts[0]!];
  const key = (change: { go?: Partial<GoWork>; part?: Partial<GoPart> }): string =>
    keyOf(
      keyParts({
        go: { ...go, ...change.go },
        part: { ...part, ...change.part },
        closure: { root: '', packages: [], library: [] },
        index,
        settings: tree.settings,
        reads: readsNothing,
      }),
    );
  for (const [field, how] of Object.entries(accountedWork)) {
    expect(key({ go: { [field]: otherWork[field as keyof GoWork] } }) !== key({}), field).toBe(how === 'hashed');
  }
  for (const [field, how] of Object.entries(accountedPart)) {
    expect(key({ part: { [field]: otherPart[field as keyof GoPart] } }) !== key({}), field).toBe(how === 'hashed');
  }
});

test('the C++ compiler is in the keys of commands with C++ only', () => {
  using tree = new JudgedTree();
  tree.write('c++', 'one');
  tree.write('another', 'two');
  const index = openIndex(`${tree.base}/index`, { root: tree.root, seal });
  const [go, part] = [tree.step().go!, tree.parts[0]!];
  const closure = (file: string) => ({
    root: '',
    packages: [{ importPath: 'm/x', dir: tree.root, files: [file], imports: [], fixedBy: 'x', goVersion: '1.21' }],
    library: [],
  });
  const key = (cxx: string, file: string): string =>
    keyOf(
      keyParts({
        go: { ...go, cxxCompiler: tree.path(cxx) },
        part,
        closure: closure(file),
        index,
        settings: {},
        reads: readsNothing,
      }),
    );
  expect(key('c++', 'a.cc')).not.toBe(key('another', 'a.cc'));
  expect(key('c++', 'a.c')).toBe(key('another', 'a.c'));
});

test('a key does not depend on the order of its parts, and tells their borders', () => {
  expect(keyOf({ a: '1', b: '2' })).toBe(keyOf({ b: '2', a: '1' }));
  const keys = [{}, { a: '' }, { ab: 'c' }, { a: 'bc' }, { a: 'b', c: '' }, { a: 'b1:c0:' }, { a: '1:b', c: '' }].map(
    (parts) => keyOf(parts),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('a package is its files by name, its language, and nothing of where it lies', () => {
  using tree = new JudgedTree();
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
