import { describe, expect, it } from 'vitest';
import { commandAt, GoTree, testsOf } from './fixtures/go-tree.ts';
import type { GraphRoot } from './port.ts';

const module = 'module example.org/app\n\ngo 1.22\n';
const imports = (...paths: string[]): string => paths.map((path) => `import _ "${path}"\n`).join('');
const main = (...paths: string[]): string => `package main\n\n${imports(...paths)}\nfunc main() {}\n`;
const lib = (name: string, ...paths: string[]): string => `package ${name}\n\n${imports(...paths)}\nvar X = 1\n`;

/** Applies edits one by one. For each it checks whether Go was called, and that the kept graph equals Go's answer. */
async function story(
  tree: GoTree,
  roots: readonly GraphRoot[],
  edits: Readonly<Record<string, () => void>>,
  query = tree.query(),
): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, edit] of Object.entries({ 'at first': () => {}, nothing: () => {}, ...edits })) {
    edit();
    const before = tree.asked;
    expect(await tree.differences(roots, query), name).toEqual([]);
    const { asked } = await tree.load(roots, query);
    told[name] = tree.asked === before ? 'kept' : asked === undefined ? 'asked' : 'asked again and again';
  }
  return told;
}

describe('keepGraphs', () => {
  it('calls Go again for edits that can change the graph, and for no others', async () => {
    using tree = new GoTree({
      'go.mod': module,
      'cmd/a/main.go': main('example.org/app/pkg/x'),
      'pkg/x/x.go': lib('x', 'example.org/app/pkg/y'),
      'pkg/x/ignored.go': '//go:build never\n\n' + lib('x', 'example.org/app/pkg/z'),
      'pkg/x/asm.s': '//go:build never\n\n// nothing\n',
      'pkg/x/x_test.go': lib('x'),
      'pkg/y/y.go': 'package y\n\nimport "embed"\n\n//go:embed data\nvar Files embed.FS\n',
      'pkg/y/data/deep/er/file': 'x',
      'pkg/z/z.go': lib('z'),
    });
    const told = await story(tree, [commandAt('example.org/app/cmd/a')], {
      body: () => tree.edit('pkg/x/x.go', (text) => `${text}\nfunc f() {}\n`),
      'embedded content': () => tree.write('pkg/y/data/deep/er/file', 'y'),
      'another file': () => tree.write('pkg/x/README.md', 'x'),
      'another directory': () => tree.write('pkg/x/testdata/x.go', 'x'),
      'test file': () => tree.write('pkg/x/other_test.go', lib('x', 'example.org/app/pkg/z')),
      'hidden file': () => tree.write('pkg/x/.#x.go', 'x'),
      'package nobody imports': () => tree.write('pkg/new/new.go', lib('new')),
      'constraint of an ignored file': () => tree.edit('pkg/x/ignored.go', (text) => text.replace('never', 'linux')),
      'constraint of assembly': () => tree.edit('pkg/x/asm.s', (text) => text.replace('never', 'linux')),
      'new file': () => tree.write('pkg/x/more.go', lib('x', 'example.org/app/pkg/new')),
      suffix: () => tree.rename('pkg/x/more.go', 'pkg/x/more_windows.go'),
      removed: () => tree.remove('pkg/x/ignored.go'),
      import: () => tree.edit('pkg/z/z.go', () => lib('z')),
      'import of a command': () => tree.write('cmd/a/main.go', main('example.org/app/pkg/x', 'example.org/app/pkg/z')),
      'embedded in a new directory': () => tree.write('pkg/y/data/deep/er/and/deeper', 'x'),
      'embedded in that': () => tree.write('pkg/y/data/deep/er/and/deeper2', 'x'),
      'embed pattern': () => tree.edit('pkg/y/y.go', (text) => text.replace('data', 'data/deep/*')),
      cgo: () => tree.write('pkg/z/c.go', 'package z\n\n// int x;\nimport "C"\n'),
      profile: () => tree.write('cmd/a/default.pgo', ''),
      'go.mod': () => tree.edit('go.mod', (text) => `${text}\n// comment\n`),
      'go line': () => tree.edit('go.mod', (text) => text.replace('1.22', '1.21')),
    });
    expect(
      Object.entries(told)
        .filter(([, how]) => how === 'kept')
        .map(([name]) => name),
    ).toEqual([
      'nothing',
      'body',
      'embedded content',
      'another file',
      'another directory',
      'test file',
      'hidden file',
      'package nobody imports',
      'import',
    ]);
    expect(Object.values(told)).not.toContain('asked again and again');
  });

  it('follows modules: workspace, vendor directory, replacement, nested module', async () => {
    using tree = new GoTree({
      'go.mod': `${module}\nrequire example.org/dep v0.0.0\n\nreplace example.org/dep => ./there\n`,
      'cmd/a/main.go': main('example.org/dep/p', 'example.org/app/pkg/deep/x'),
      'pkg/deep/x/x.go': lib('x'),
      'there/go.mod': 'module example.org/dep\n\ngo 1.20\n',
      'there/p/p.go': lib('p'),
      'here/go.mod': 'module example.org/dep\n\ngo 1.21\n',
      'here/p/p.go': lib('p'),
      'here/p/q.go': lib('p'),
    });
    const told = await story(tree, [commandAt('example.org/app/cmd/a')], {
      'replaced by another directory': () => tree.edit('go.mod', (text) => text.replace('./there', './here')),
      'go.mod of the replacement': () => tree.edit('here/go.mod', (text) => text.replace('1.21', '1.19')),
      'work file': () => tree.write('go.work', 'go 1.22\n\nuse .\n'),
      'work file replaces it': () => tree.write('go.work', 'go 1.22\n\nuse .\n\nreplace example.org/dep => ./there\n'),
      'no work file': () => tree.remove('go.work'),
      vendored: () => {
        tree.write(
          'vendor/modules.txt',
          '# example.org/dep v0.0.0 => ./here\n## explicit; go 1.19\nexample.org/dep/p\n# example.org/dep => ./here\n',
        );
        tree.link('vendor/example.org/dep', '../../here');
      },
      'file in the vendored link': () => tree.write('here/p/r.go', lib('p')),
      'a module between': () => tree.write('pkg/go.mod', 'module example.org/other\n'),
      'none again': () => tree.remove('pkg/go.mod'),
    });
    const { nothing: first, 'a module between': inaccessible, ...others } = told;
    expect([first, inaccessible]).toEqual(['kept', 'asked again and again']);
    expect(Object.entries(others).filter(([, how]) => how !== 'asked')).toEqual([]);
  });

  it('follows GOPATH: a link into the tree, vendored links, a nearer vendor directory', async () => {
    const env = { GO111MODULE: 'off', GOPATH: '$ROOT/first:$ROOT/second' };
    using tree = new GoTree(
      {
        'tree/cmd/a/main.go': main('example.org/dep/p', 'example.org/app/pkg/x'),
        'tree/pkg/x/x.go': lib('x', 'example.org/dep/q'),
        'tree/staging/dep/p/p.go': lib('p'),
        'tree/staging/dep/q/q.go': lib('q'),
        'elsewhere/q/q.go': lib('q'),
      },
      env,
    );
    tree.link('second/src/example.org/app', '../../../tree');
    tree.link('tree/vendor/example.org/dep', '../../staging/dep');
    const cwd = tree.path('second/src/example.org/app');
    const told = await story(
      tree,
      [commandAt('example.org/app/cmd/a')],
      {
        'body behind the link': () => tree.edit('tree/staging/dep/p/p.go', (text) => `${text}\nfunc f() {}\n`),
        'file behind the link': () => tree.write('tree/staging/dep/p/more.go', lib('p')),
        'nearer vendor directory': () => tree.link('tree/pkg/x/vendor/example.org/dep', '../../../../../elsewhere'),
        'earlier GOPATH': () => tree.write('first/src/example.org/app/pkg/x/x.go', lib('x')),
      },
      tree.query({ cwd }),
    );
    expect(told).toEqual({
      'at first': 'asked',
      nothing: 'kept',
      'body behind the link': 'kept',
      'file behind the link': 'asked',
      'nearer vendor directory': 'asked',
      'earlier GOPATH': 'asked',
    });
  });

  it('calls Go only for roots that a change affects, and for new roots', async () => {
    using tree = new GoTree({
      'go.mod': module,
      'cmd/a/main.go': main('example.org/app/pkg/x'),
      'cmd/b/main.go': main('example.org/app/pkg/y'),
      'cmd/c/main.go': main('example.org/app/nowhere'),
      'pkg/x/x.go': lib('x'),
      'pkg/x/x_test.go': lib('x', 'example.org/app/pkg/y'),
      'pkg/y/y.go': lib('y'),
      'pkg/y/y_test.go': lib('y'),
    });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => commandAt(`example.org/app/cmd/${name}`)) as [
      GraphRoot,
      GraphRoot,
      GraphRoot,
    ];
    const [x, y] = ['x', 'y'].map((name) => testsOf(`example.org/app/pkg/${name}`)) as [GraphRoot, GraphRoot];
    const asked = async (...roots: GraphRoot[]): Promise<string | undefined> => {
      expect(await tree.differences(roots)).toEqual([]);
      return (await tree.load(roots)).asked;
    };
    const why = async (...roots: GraphRoot[]): Promise<string | undefined> => (await tree.load(roots)).asked;
    expect(await why(a)).toBe('Go was not asked before');
    expect(await why(a, b)).toBe('Go was not asked before about example.org/app/cmd/b');
    expect(await why(b)).toBeUndefined();
    expect(await why(commandAt('example.org/app/pkg/x'))).toBeUndefined();
    tree.write('pkg/x/x.go', lib('x', 'example.org/app/pkg/y'));
    expect(await why(b)).toBeUndefined();
    expect(await why(a, b)).toMatch(/^imports, constraints or embedded names changed in .*pkg\/x$/);
    expect(await asked(a, b)).toBeUndefined();
    expect(await why(c, a)).toMatch(/cmd\/c/);
    expect(await why(c, a)).toMatch(/cmd\/c/);
    expect(await why(a)).toBeUndefined();
    expect(await asked(a, b, x, y)).toBeUndefined();
    tree.write('pkg/y/new_test.go', lib('y', 'fmt'));
    expect(await why(a, b)).toBeUndefined();
    expect(await why(x)).toBeUndefined();
    expect(await why(y)).toMatch(/pkg\/y/);
    tree.write('pkg/y/y.go', lib('y', 'example.org/app/pkg/z'));
    tree.write('pkg/z/z.go', lib('z'));
    expect(await why(x)).toMatch(/pkg\/y/);
    expect(await asked(y, x)).toBeUndefined();
    expect(await why(a)).toMatch(/pkg\/y/);
    tree.remove('cmd/b');
    expect(await why(a)).toBeUndefined();
    expect((await tree.load([a, b])).graph.closureOf(b).problem).toMatch(/cmd\/b/);
    expect(await asked(a, x, y)).toBeUndefined();
  });

  it('keeps nothing of a tree that changes while Go reads it, and nothing damaged', async () => {
    using tree = new GoTree({ 'go.mod': module, 'cmd/a/main.go': main('fmt') });
    const root = commandAt('example.org/app/cmd/a');
    const memo = tree.memo;
    tree.memo = {
      get: (key) => memo.get(key),
      set: (key, value) => memo.set(key, value.replace('main.go', 'mein.go')),
    };
    expect((await tree.load([root])).asked).toBeDefined();
    expect((await tree.load([root])).asked).toBeDefined();
    tree.memo = memo;
    const loading = tree.load([root]);
    const timer = setInterval(() => tree.write('cmd/a/main.go', main('fmt')), 1);
    await loading;
    clearInterval(timer);
    expect((await tree.load([root])).asked).toBeDefined();
    expect((await tree.load([root])).asked).toBeUndefined();
  });
});
