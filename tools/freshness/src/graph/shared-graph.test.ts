import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandAt, GoTree, memoryExchange, testsOf } from './fixtures/go-tree.ts';
import { keyOfShared, readShared, writeShared } from './shared-graph.ts';

const files: Readonly<Record<string, string>> = {
  'go.mod': 'module example.org/app\n\ngo 1.22\n',
  'cmd/a/main.go': 'package main\n\nimport _ "example.org/app/pkg/x"\n\nfunc main() {}\n',
  'pkg/x/x.go': 'package x\n\nimport "embed"\n\n//go:embed data\nvar Files embed.FS\n',
  'pkg/x/x_test.go': 'package x\n\nimport _ "example.org/app/pkg/y"\n\nvar T = 1\n',
  'pkg/x/data/file': 'x',
  'pkg/y/y.go': 'package y\n\nvar Y = 1\n',
};
const outside = { GOMODCACHE: '/var/empty/modules' };
const roots = [commandAt('example.org/app/cmd/a'), testsOf('example.org/app/pkg/x')];

function firstTree(more: Readonly<Record<string, string>> = {}): GoTree {
  const tree = new GoTree({ ...files, ...more }, outside);
  tree.exchange = memoryExchange();
  return tree;
}

describe('a graph that another checkout left', () => {
  it('is used without calling Go, if all its inputs are the same', async () => {
    using tree = firstTree();
    await tree.load(roots);
    using twin = tree.twin();
    expect(await twin.differences(roots)).toEqual([]);
    expect(twin.asked).toBe(0);
    const { graph } = await twin.load(roots);
    expect(graph.packages.every(({ dir }) => dir.startsWith(twin.root))).toBe(true);
    // From now on it belongs to the twin.
    twin.exchange = undefined;
    await twin.load(roots);
    expect(twin.asked).toBe(0);
  });

  it('saves the queries about unchanged packages', async () => {
    using tree = firstTree();
    await tree.load(roots);
    using twin = tree.twin();
    twin.write('cmd/a/more.go', 'package main\n\nimport _ "example.org/app/pkg/y"\n');
    expect(await twin.differences(roots)).toEqual([]);
    expect(twin.asked).toBeGreaterThan(0);
  });

  it.each([
    ['a go.mod above the checkout', 'go.mod', 'module example.org/above\n'],
    ['a go.work above the checkout', 'go.work', 'go 1.22\n'],
  ])('is not believed below %s', async (_, name, text) => {
    using tree = firstTree();
    await tree.load(roots);
    const above = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-above-')));
    try {
      using twin = tree.twin();
      mkdirSync(join(above, 'in'));
      writeFileSync(join(above, name), text);
      const moved = twin.moved(join(above, 'in/it'));
      await moved.load(roots).catch(() => undefined);
      expect(moved.asked).toBeGreaterThan(0);
    } finally {
      rmSync(above, { recursive: true, force: true });
    }
  });

  it('is not shared if it depends on a module outside the tree', async () => {
    const other = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-outside-')));
    try {
      for (const [name, text] of Object.entries({
        'go.mod': 'module example.org/out\n',
        'o.go': 'package out\n\nvar O = 1\n',
      }))
        writeFileSync(join(other, name), text);
      using tree = firstTree({
        'go.mod': `${files['go.mod']}\nrequire example.org/out v0.0.0\n\nreplace example.org/out => ${other}\n`,
        'cmd/b/main.go': 'package main\n\nimport _ "example.org/out"\n\nfunc main() {}\n',
      });
      expect(await tree.differences([commandAt('example.org/app/cmd/b')])).toEqual([]);
      expect((tree.exchange as ReturnType<typeof memoryExchange>).texts.size).toBe(0);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('contains no path of its checkout', async () => {
    using tree = firstTree();
    await tree.load(roots);
    const texts = [...(tree.exchange as ReturnType<typeof memoryExchange>).texts.values()];
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join('')).not.toContain(tree.root);
    expect(texts.join('')).not.toContain(dirname(tree.root) + '/slipway-graph-');
  });

  it('with cgo flags for its own directory applies to the directory of the other checkout', async () => {
    using tree = firstTree({
      'cmd/c/main.go': 'package main\n\n// #cgo CFLAGS: -I${SRCDIR}/inc\nimport "C"\n\nfunc main() {}\n',
    });
    const query = { cgo: true };
    const root = [commandAt('example.org/app/cmd/c')];
    await tree.load(root, tree.query(query));
    using twin = tree.twin();
    expect(await twin.differences(root, twin.query(query))).toEqual([]);
    expect(twin.asked).toBe(0);
  });

  it("is used if each checkout has its own GOPATH in the tree, as Kubernetes' scripts set it", async () => {
    using tree = new GoTree(files, { GOMODCACHE: '', GOPATH: '$ROOT/_output/go' });
    tree.exchange = memoryExchange();
    await tree.load(roots);
    using twin = tree.twin();
    expect(await twin.differences(roots)).toEqual([]);
    expect(twin.asked).toBe(0);
  });

  it.each([
    ['decides where packages are found in it', 'off', 2],
    ['decides nothing where it holds the module cache', 'on', 1],
  ])('GOPATH %s', (_, GO111MODULE, keys) => {
    using tree = new GoTree({});
    const env = (GOPATH: string) => ({ GO111MODULE, GOPATH });
    const asked = ['/tree/go', '/other/go'].map((GOPATH) => ({
      root: '/tree',
      query: { ...tree.query(), cwd: '/tree', env: env(GOPATH) },
    }));
    const found = asked.map((places) => keyOfShared(places, { test: false, go: '' }));
    expect(found).not.toContain(undefined);
    expect(new Set(found).size).toBe(keys);
  });

  it("names the other user's module cache, in the tree or outside", () => {
    using tree = new GoTree({});
    const query = { ...tree.query(), env: {} };
    const places = [
      { root: '/a', query: { ...query, env: { GOPATH: '/a/go' } } },
      { root: '/b', query: { ...query, env: { GOMODCACHE: '/modules' } } },
    ] as const;
    const module = (dir: string) => ({
      importPath: 'm',
      dir,
      files: [],
      imports: [],
      fixedBy: 'm@v1.0.0',
      goVersion: '',
    });
    const none = { roots: new Map(), library: [], dirs: new Map(), files: new Map(), shadows: new Map() };
    const dirs = ['/a/go/pkg/mod/m@v1.0.0', '/modules/m@v1.0.0'];
    const texts = dirs.map((dir, i) => writeShared({ ...none, packages: new Map([['m', module(dir)]]) }, places[i]!));
    expect(texts[0]).toBe(texts[1]);
    const read = places.map(
      (place) => readShared({ text: texts[0]!, scope: undefined }, place)?.packages.get('m')?.dir,
    );
    expect(read).toEqual(dirs);
  });

  it('of an untrusted scope is not used, even after it was kept for the tree', async () => {
    using tree = firstTree();
    tree.exchange = memoryExchange('unsigned shared');
    await tree.load(roots);
    using twin = tree.twin();
    await twin.load(roots);
    expect(twin.asked).toBe(0);
    // As in a run of a release: the store returns nothing of that scope.
    twin.exchange = undefined;
    twin.believes = (scope) => scope === undefined;
    expect(await twin.differences(roots)).toEqual([]);
    expect(twin.asked).toBe(2);
  });

  it('keeps its scope when Go is called for the rest', async () => {
    using tree = firstTree({ 'cmd/b/main.go': 'package main\n\nfunc main() {}\n' });
    const both = [...roots, commandAt('example.org/app/cmd/b')];
    tree.exchange = memoryExchange('unsigned shared');
    await tree.load(both);
    using twin = tree.twin();
    twin.write('cmd/b/more.go', 'package main\n');
    const scopes: unknown[] = [];
    const { exchange } = tree;
    twin.exchange = { get: exchange.get, set: async (_, { scope }) => void scopes.push(scope) };
    await twin.load(both);
    expect([twin.asked, scopes]).toEqual([1, ['unsigned shared']]);
  });

  it("is not shared if a module file contains the tree's path", async () => {
    using tree = firstTree({ 'lib/go.mod': 'module example.org/lib\n\ngo 1.22\n', 'lib/l.go': 'package lib\n' });
    tree.write('go.work', `go 1.22\n\nuse (\n\t.\n\t${tree.root}/lib\n)\n`);
    tree.write('cmd/a/more.go', 'package main\n\nimport _ "example.org/lib"\n');
    await tree.load(roots);
    using twin = tree.twin();
    await twin.load(roots);
    expect(twin.asked).toBeGreaterThan(0);
  });

  it.each(['no JSON', '{}', '{"paths":[],"dirs":[],"packages":[[0]]}'])('that reads %s is not shared', async (text) => {
    using tree = firstTree();
    tree.exchange = { get: async () => ({ text, scope: undefined }), set: async () => {} };
    expect(await tree.differences(roots)).toEqual([]);
    expect(tree.asked).toBe(2);
  });
});
