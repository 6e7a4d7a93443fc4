import { appendFileSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectFailure } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';

const answers = async (tree: Repo, ...words: string[]): Promise<string[]> => {
  const { exit, stdout, stderr } = await tree.slipway(['affected', '--base', 'HEAD', ...words]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '');
};

describe('a tree whose vendor/ links to its staging/', () => {
  let tree: Repo;
  beforeAll(() => {
    tree = new Repo('vendored')
      .write({
        'pkg/lone/lone.go': 'package lone\n\nfunc One() int { return 1 }\n',
        'pkg/lone/lone_test.go':
          'package lone\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestOne(t *testing.T) {\n\tif _, err := os.ReadFile("testdata/one"); err != nil || One() != 1 {\n\t\tt.Fatal(err)\n\t}\n}\n',
        'pkg/lone/testdata/one': '1\n',
        'pkg/uses/uses_test.go':
          'package uses\n\nimport (\n\t"testing"\n\n\t"shape.example/component-base/version"\n)\n\nfunc TestVersion(t *testing.T) { _ = version.Get() }\n',
      })
      .init('v1.2.3');
  });
  afterEach(() => {
    tree.git('checkout', '--quiet', '.');
    tree.git('clean', '-fdq');
  });
  afterAll(() => tree[Symbol.asyncDispose]());

  test.each([
    ['nothing', [], [], []],
    [
      'an edit in staging/ reaches what imports it through the link',
      ['staging/src/shape.example/component-base/version/base.go'],
      ['kube-apiserver', 'kubectl', 'kubelet'],
      ['./pkg/uses'],
    ],
    ['a package', ['pkg/lone/lone.go'], [], ['./pkg/lone']],
    ['a test', ['pkg/lone/lone_test.go'], [], ['./pkg/lone']],
    ['what a test reads', ['pkg/lone/testdata/one'], [], ['./pkg/lone']],
    [
      'go.mod',
      ['go.mod'],
      ['e2e.test', 'kube-apiserver', 'kubectl', 'kubelet'],
      ['./pkg/lone', './pkg/uses', './test/e2e'],
    ],
  ] as const)('%s', async (_, files, commands, tests) => {
    for (const file of files) appendFileSync(tree.path(file), file.endsWith('/one') ? '1\n' : '\n// changed\n');
    expect((await answers(tree)).sort()).toEqual(commands);
    expect(await answers(tree, 'tests')).toEqual(tests);
  });

  test('a test that was removed, and one that was added', async () => {
    tree.write({ 'pkg/uses/more_test.go': 'package uses\n' });
    rmSync(tree.path('pkg/lone/lone_test.go'));
    tree.write({ 'pkg/lone/another_test.go': 'package lone\n' });
    expect(await answers(tree, 'tests')).toEqual(['./pkg/lone', './pkg/uses']);
  });

  test('another word', async () => {
    expectFailure(await tree.slipway(['affected', '--base', 'HEAD', 'charts']), 'BAD_USAGE', {
      says: 'affected lists commands, tests, images, not charts',
    });
  });
});

test('images of a release, by their command', async () => {
  await using tree = new Repo('configured').init('v1.2.3');
  expect(await answers(tree, 'images')).toEqual([]);
  appendFileSync(tree.path('programs/gate/main.go'), '\n// changed\n');
  expect(await answers(tree, 'images')).toEqual([]);
  appendFileSync(tree.path('programs/keeper/main.go'), '\n// changed\n');
  expect(await answers(tree, 'images')).toEqual([
    expect.stringMatching(/^registry.example\/gated\/keeper-amd64:v1.2.3/),
    expect.stringMatching(/^registry.example\/gated\/keeper-arm64:v1.2.3/),
  ]);
});
