import { symlinkSync } from 'node:fs';
import type { Command, Tree } from '@slipway/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHere } from './fixtures/worlds.ts';
import { type WrittenTree, copiedFixture, mainGo, writtenTree } from './fixtures/written-tree.ts';
import { resolveWords } from './resolve-words.ts';
import { openDisk } from './disk.ts';

const shown = ({ target, kind, importPath, moduleDir }: Command): string =>
  `${target} ${kind} ${importPath} ${moduleDir}`;
const resolved = (tree: Tree, word: string): string[] =>
  resolveWords({ ...tree, disk: openDisk() }, [word])[0]!.commands.map(shown);

describe('a tree with scripts', () => {
  let files: WrittenTree;
  let tree: Tree;
  beforeAll(async () => {
    files = copiedFixture('kubernetes-shaped');
    files.write({
      'vendor/modules.txt': '',
      'vendor/dep.example/tool/v2/tool.go': mainGo,
      'vendor/my-org.io/a_b/lib.go': 'package ab\n',
      'hack/tools/go.mod': 'module shaped.example/mono/hack/tools\n\ngo 1.21\n',
      'hack/tools/counter/main.go': mainGo,
    });
    tree = await readHere(files.root);
  });
  afterAll(() => files[Symbol.dispose]());

  const ctl = 'cmd/ctl main shaped.example/mono/cmd/ctl .';
  const e2e = 'test/e2e/e2e.test test shaped.example/mono/test/e2e .';
  const runner = 'staging/src/shaped.example/base/runner main shaped.example/base/runner .';
  test.each<[string, string[]]>([
    ['cmd/ctl', [ctl]],
    ['./cmd/ctl', [ctl]],
    ['cmd/ctl/', [ctl]],
    ['cmd/../cmd//ctl', [ctl]],
    ['shaped.example/mono/cmd/ctl', [ctl]],
    ['ctl', [ctl]],
    ['genutil', ['cmd/genutil library shaped.example/mono/cmd/genutil .']],
    ['pkg/greet', ['pkg/greet library shaped.example/mono/pkg/greet .']],
    ['test/e2e/e2e.test', [e2e]],
    ['./test/e2e/e2e.test', [e2e]],
    ['shaped.example/mono/test/e2e/e2e.test', [e2e]],
    ['e2e.test', [e2e]],
    ['e2e/e2e.test', [e2e]],
    ['test/e2e/other.test', ['test/e2e/other.test test shaped.example/mono/test/e2e .']],
    ['nowhere/e2e.test', []],
    ['cmd/none.test', []],
    ['staging/src/shaped.example/base/runner', [runner]],
    ['shaped.example/base/runner', [runner]],
    ['looker', ['looker main shaped.example/base/runner .']],
    ['vendor/dep.example/tool/v2', ['vendor/dep.example/tool/v2 main dep.example/tool/v2 .']],
    ['dep.example/tool/v2', ['vendor/dep.example/tool/v2 main dep.example/tool/v2 .']],
    ['my-org.io/a_b', ['vendor/my-org.io/a_b library my-org.io/a_b .']],
    ['my-org.io/absent', []],
    ['hack/tools/counter', ['hack/tools/counter main shaped.example/mono/hack/tools/counter hack/tools']],
    [
      './cmd/...',
      ['cmd/agent main shaped.example/mono/cmd/agent .', 'cmd/apiserver main shaped.example/mono/cmd/apiserver .', ctl],
    ],
    [
      'cmd/a...',
      ['cmd/agent main shaped.example/mono/cmd/agent .', 'cmd/apiserver main shaped.example/mono/cmd/apiserver .'],
    ],
    ['cmd/ctl/...', [ctl]],
    [
      './...',
      ['cmd/agent main shaped.example/mono/cmd/agent .', 'cmd/apiserver main shaped.example/mono/cmd/apiserver .', ctl],
    ],
    ['shaped.example/mono/cmd/c...', [ctl]],
    ['shaped.example/base/...', [runner]],
    ['hack/tools/...', ['hack/tools/counter main shaped.example/mono/hack/tools/counter hack/tools']],
    ['./pkg/...', []],
    ['absent/...', []],
    ['.', []],
    ['cmd', []],
    ['ctrl', []],
    ['../elsewhere', []],
    ['/etc', []],
    ['go.mod', []],
  ])('%s', (word, expected) => {
    expect(resolved(tree, word)).toEqual(expected);
  });

  test('absolute paths, also through links', () => {
    using other = writtenTree();
    symlinkSync(files.root, `${other.root}/link`);
    expect(resolved(tree, `${files.root}/cmd/ctl`)).toEqual([ctl]);
    expect(resolved(tree, `${other.root}/link/cmd/ctl/`)).toEqual([ctl]);
    expect(resolved(tree, `${files.root}/test/e2e/e2e.test`)).toEqual([e2e]);
    expect(resolved(tree, `${files.root}/cmd/ctl/...`)).toEqual([ctl]);
  });
});

test('in a workspace patterns match in its members, and the end of a path is enough', async () => {
  using files = writtenTree({
    'go.work': 'go 1.22\nuse (\n ./components\n ./lib\n)\n',
    'components/go.mod': 'module x.io/components\n',
    'components/cmd/api/main.go': mainGo,
    'lib/go.mod': 'module x.io/lib\n',
    'lib/cmd/tool/main.go': mainGo,
    'other/go.mod': 'module x.io/other\n',
    'other/cmd/z/main.go': mainGo,
  });
  const tree = await readHere(files.root);
  const api = 'components/cmd/api main x.io/components/cmd/api .';
  const tool = 'lib/cmd/tool main x.io/lib/cmd/tool .';
  expect(resolved(tree, './...')).toEqual([api, tool]);
  expect(resolved(tree, 'cmd/api')).toEqual([api]);
  expect(resolved(tree, 'x.io/lib/cmd/tool')).toEqual([tool]);
  expect(resolved(tree, 'other/cmd/z')).toEqual(['other/cmd/z main x.io/other/cmd/z other']);
});

test('two commands with the same name are both found, and planning reports it', async () => {
  using files = writtenTree({ 'go.mod': 'module m\n', 'cmd/a/x/main.go': mainGo, 'cmd/b/x/main.go': mainGo });
  const tree = await readHere(files.root);
  expect(resolved(tree, 'x').map((text) => text.split(' ')[0])).toEqual(['cmd/a/x', 'cmd/b/x']);
});

test('in GOPATH mode the name of a vendored package contains the tree', async () => {
  using files = copiedFixture('kubernetes-shaped');
  files.write({ 'vendor/dep.example/tool/main.go': mainGo });
  const tree = { ...(await readHere(files.root)), moduleMode: 'gopath' as const };
  expect(resolved(tree, 'dep.example/tool')).toEqual([
    'vendor/dep.example/tool main shaped.example/mono/vendor/dep.example/tool .',
  ]);
  expect(resolved(tree, 'pkg/greet')).toEqual(['pkg/greet library shaped.example/mono/pkg/greet .']);
});
