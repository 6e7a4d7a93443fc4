import { describe, expect, it } from 'vitest';
import { fakeCommandRunner } from '@slipway/adapters';
import { askGraph } from './ask-graph.ts';
import { goListArgv, parseGoList } from './go-list.ts';
import { commandAt, GoTree, testsOf } from './fixtures/go-tree.ts';
import type { Platform } from '@slipway/model';

const main = (...imports: string[]): string =>
  `package main\n\nimport (\n${imports.map((one) => `\t_ "${one}"\n`).join('')})\n\nfunc main() {}\n`;
const lib = (name: string, ...imports: string[]): string =>
  `package ${name}\n${imports.map((one) => `\nimport _ "${one}"\n`).join('')}\nvar X = 1\n`;
const importPaths = (packages: readonly { readonly importPath: string }[]): string[] =>
  packages.map((one) => one.importPath);

describe('askGraph', () => {
  it('equals go list for a workspace with constraints, suffixes, cgo, assembly and embedded files, on every platform', async () => {
    using tree = new GoTree({
      'go.work': 'go 1.22\n\nuse (\n\t.\n\t./staging/lib\n)\n',
      'go.mod': 'module example.org/app\n\ngo 1.22\n',
      'staging/lib/go.mod': 'module example.org/lib\n\ngo 1.21\n',
      'staging/lib/lib.go': lib('lib', 'fmt'),
      'cmd/a/main.go': main('example.org/app/pkg/os', 'example.org/app/pkg/asm', 'net/http'),
      'cmd/b/main.go': main('example.org/app/pkg/embedding', 'example.org/lib'),
      'cmd/b/default.pgo': 'no profile',
      'cmd/c/main.go': main('example.org/app/pkg/c'),
      'pkg/os/os.go': lib('os'),
      'pkg/os/os_windows.go': lib('os', 'example.org/lib'),
      'pkg/os/tagged.go': '//go:build special && !arm64\n\n' + lib('os', 'example.org/app/pkg/onlytagged'),
      'pkg/onlytagged/x.go': lib('onlytagged'),
      'pkg/asm/asm.go': lib('asm'),
      'pkg/asm/asm_amd64.s': '// nothing\n',
      'pkg/asm/asm_arm64.s': '// nothing\n',
      'pkg/asm/blob_linux.syso': '',
      'pkg/embedding/e.go':
        'package embedding\n\nimport "embed"\n\n//go:embed data all:more *.txt\nvar Files embed.FS\n',
      'pkg/embedding/a.txt': 'a',
      'pkg/embedding/data/one/two.yaml': 'x',
      'pkg/embedding/data/.hidden': 'x',
      'pkg/embedding/more/.hidden': 'x',
      'pkg/c/c.go': 'package c\n\n// #include "c.h"\nimport "C"\n\nvar X = C.x\n',
      'pkg/c/nocgo.go': '//go:build !cgo\n\n' + lib('c'),
      'pkg/c/c.h': 'extern int x;\n',
      'pkg/c/extra.cpp': '\n',
    });
    const roots = ['a', 'b', 'c'].map((name) => commandAt(`example.org/app/cmd/${name}`));
    for (const platform of ['linux/amd64', 'linux/arm64', 'windows/amd64', 'darwin/arm64'] as Platform[]) {
      expect(
        await tree.differences(roots, tree.query({ platform, cgo: platform === 'linux/amd64', tags: 'special' })),
        platform,
      ).toEqual([]);
    }
    const graph = await tree.ask(roots, tree.query({ cgo: true }));
    expect(graph.closureOf(roots[1]!).packages.map((one) => [one.importPath, one.files, one.goVersion])).toEqual([
      ['example.org/app/cmd/b', ['default.pgo', 'main.go'], '1.22'],
      ['example.org/app/pkg/embedding', ['a.txt', 'data/one/two.yaml', 'e.go', 'more/.hidden'], '1.22'],
      ['example.org/lib', ['lib.go'], '1.21'],
    ]);
  });

  it('drops test mains of packages without tests, keeps variants apart, and finds the test binary by its main package', async () => {
    using tree = new GoTree({
      'go.mod': 'module example.org/app\n\ngo 1.22\n',
      'base/base.go': lib('base'),
      'base/base_test.go': 'package base_test\n\nimport (\n\t_ "example.org/app/base"\n\t_ "example.org/app/user"\n)\n',
      'base/in_test.go': 'package base\n\nimport "embed"\n\n//go:embed testdata\nvar data embed.FS\n',
      'base/testdata/x': 'x',
      'user/user.go': lib('user', 'example.org/app/base'),
      'plain/plain.go': lib('plain', 'example.org/app/base'),
    });
    const roots = [
      testsOf('example.org/app/base'),
      testsOf('example.org/app/plain'),
      commandAt('example.org/app/user'),
    ];
    expect(await tree.differences(roots)).toEqual([]);
    const graph = await tree.ask(roots);
    expect(importPaths(graph.closureOf(roots[0]!).packages)).toEqual([
      'example.org/app/base [example.org/app/base.test]',
      'example.org/app/base.test',
      'example.org/app/base_test [example.org/app/base.test]',
      'example.org/app/user [example.org/app/base.test]',
    ]);
    expect(importPaths(graph.closureOf(roots[1]!).packages)).toEqual(['example.org/app/base', 'example.org/app/plain']);
    expect(graph.why(roots[0]!, 'example.org/app/user')).toEqual([
      'example.org/app/base.test',
      'example.org/app/base_test [example.org/app/base.test]',
      'example.org/app/user [example.org/app/base.test]',
    ]);
  });

  it('reports problems for each command, and does not affect others', async () => {
    using tree = new GoTree({
      'go.mod': 'module example.org/app\n\ngo 1.22\n',
      'cmd/good/main.go': main('fmt'),
      'cmd/missing/main.go': main('example.org/app/nowhere'),
      'cmd/empty/main.go': '//go:build never\n\n' + main('fmt'),
      'cmd/broken/main.go': 'packag main\n',
      'cmd/embeds/main.go': 'package main\n\nimport "embed"\n\n//go:embed nothing\nvar X embed.FS\n\nfunc main() {}\n',
    });
    const roots = ['good', 'missing', 'empty', 'broken', 'embeds', 'gone'].map((name) =>
      commandAt(`example.org/app/cmd/${name}`),
    );
    const graph = await tree.ask(roots);
    expect(roots.map((root) => graph.closureOf(root).problem)).toEqual([
      undefined,
      expect.stringMatching(/example\.org\/app\/nowhere/),
      expect.stringMatching(/build constraints exclude all Go files/),
      expect.stringMatching(/expected 'package'/),
      expect.stringMatching(/pattern nothing: no matching files found/),
      expect.stringMatching(/cmd\/gone/),
    ]);
    expect(graph.closureOf(commandAt('example.org/app/other')).problem).toMatch(/not asked/);
    tree.write('go.mod', 'modul\n');
    expect((await tree.ask(roots)).closureOf(roots[0]!).problem).toMatch(/go\.mod/);
    expect((await tree.ask(roots, tree.query({ flags: ['-overlay=x.json'] }))).closureOf(roots[0]!).problem).toMatch(
      /overlay/,
    );
  });

  it('accepts relative roots, and finds chains, importers and the users of a file', async () => {
    using tree = new GoTree({
      'go.mod': 'module example.org/app\n\ngo 1.22\n',
      'main.go': main('example.org/app/one', 'example.org/app/two'),
      'one/one.go': lib('one', 'example.org/app/two'),
      'two/two.go': lib('two', 'example.org/app/three'),
      'three/three.go': lib('three'),
    });
    const root = commandAt('.');
    const graph = await tree.ask([root]);
    expect(graph.closureOf(root).packages).toHaveLength(4);
    const chain = ['example.org/app', 'example.org/app/two', 'example.org/app/three'];
    expect(graph.why(root, 'example.org/app/three')).toEqual(chain);
    expect(graph.why(root, tree.path('three/three.go'))).toEqual(chain);
    expect(graph.why(root, tree.path('three/other.go'))).toBeUndefined();
    expect([...graph.importersOf(['example.org/app/two'])].sort()).toEqual([
      'example.org/app',
      'example.org/app/one',
      'example.org/app/two',
    ]);
    expect(graph.packagesOf(tree.path('two/two.go'))).toEqual(['example.org/app/two']);
  });
});

describe('goListArgv', () => {
  const toolchain = { command: '/go/bin/go', goroot: '/go', version: '1.12.17' };
  const query = {
    platform: 'linux/amd64' as Platform,
    tags: 'a,b',
    cgo: false,
    flags: ['-race'],
    cwd: '/',
    env: {},
    toolchain,
  };

  it('uses only flags that an old Go understands', () => {
    expect(goListArgv({ query, patterns: ['x'], test: true })).toEqual([
      '/go/bin/go',
      'list',
      '-deps',
      '-e',
      '-test',
      '-json',
      '-tags=a,b',
      '-race',
      'x',
    ]);
    const [, , , , fields, ...rest] = goListArgv({
      query: { ...query, toolchain: { ...toolchain, version: '1.21.7' } },
      patterns: ['x'],
      test: false,
    });
    expect(fields).toMatch(/^-json=ImportPath,/);
    expect(rest).toEqual(['-buildvcs=false', '-pgo=off', '-tags=a,b', '-race', 'x']);
  });

  it("reports Go's message if Go printed nothing else", async () => {
    const runner = fakeCommandRunner(() => ({ exit: 1, stderr: 'go: inconsistent vendoring\n' }));
    const graph = await askGraph(query, [commandAt('x')], { runner });
    expect(graph.closureOf(commandAt('x'))).toEqual({
      root: 'x',
      packages: [],
      library: [],
      problem: 'go: inconsistent vendoring',
    });
  });

  it('reads consecutive objects, with braces in strings', () => {
    expect(parseGoList('{\n\t"ImportPath": "a}\\n{"\n}\n{\n\t"ImportPath": "b"\n}\n')).toEqual([
      { ImportPath: 'a}\n{' },
      { ImportPath: 'b' },
    ]);
    expect(parseGoList('')).toEqual([]);
  });
});
