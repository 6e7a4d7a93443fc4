import { fakeCommandRunner, fakeGitReader, fakeGoFinder, fakePinnedTools, memoryMemo } from '@slipway/adapters';
import type { Platform, Profile, Tree } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { readHere } from './fixtures/worlds.ts';
import { mainGo, writtenTree } from './fixtures/written-tree.ts';
import { programOf, readFacts } from './read-facts.ts';
import { openDisk } from './disk.ts';

const toolchain = { command: '/go/bin/go', goroot: '/go', version: '1.22.1' };
const platforms = ['linux/amd64' as Platform];

function services(environment: Record<string, string> = {}) {
  return {
    environment,
    caches: '/caches/slipway',
    git: fakeGitReader({ shallow: false, commit: 'c', clean: true }),
    go: fakeGoFinder(toolchain, platforms),
    pinnedTools: fakePinnedTools(['ziglang']),
    runner: fakeCommandRunner(),
    memo: memoryMemo(),
    disk: openDisk(),
  };
}

async function someTree(root: string): Promise<Tree> {
  return await readHere(root, { KUBE_BUILD_PLATFORMS: 'linux/amd64' });
}

test('readFacts combines all facts', async () => {
  using files = writtenTree({
    'go.mod': 'module m\n\ngo 1.22\n',
    'cmd/a/main.go': mainGo,
    'slipway.config.ts': 'export default { static: [] };',
    'v.sh': "KUBE_GIT_VERSION='v1.2.3'\n",
  });
  const here = services({ PATH: '/absent', SECRET: 's' });
  const facts = await readFacts({
    tree: await someTree(files.root),
    words: ['a', 'z'],
    profile: 'release',
    variables: { KUBE_GIT_VERSION_FILE: 'v.sh' },
    generating: false,
    testing: false,
    services: here,
  });
  expect(facts).toMatchObject({
    toolchain,
    goPlatforms: platforms,
    environment: { PATH: '/absent' },
    versionFile: { KUBE_GIT_VERSION: 'v1.2.3' },
    git: { commit: 'c' },
  });
  expect(facts.environment).not.toHaveProperty('SECRET');
  expect(facts.words.map(({ word, commands }) => [word, commands.length])).toEqual([
    ['a', 1],
    ['z', 0],
  ]);
  expect(facts.compilers).toMatchObject({ 'aarch64-linux-gnu-gcc': '' });
  expect(here.go.requests[0]).toMatchObject({
    requirement: { version: '1.22', exact: false },
    root: files.root,
    env: { PATH: '/absent' },
  });
});

describe('git status runs only if its answer is stamped', () => {
  test.each<[Profile, Record<string, string>, Partial<Tree>, boolean]>([
    ['dev', {}, {}, false],
    ['release', {}, {}, true],
    ['make', {}, {}, true],
    ['make', { KUBE_GIT_TREE_STATE: 'clean' }, {}, false],
    ['make', {}, { archive: { commit: 'c' } }, false],
  ])('%s %j %j', async (profile, variables, more, needStatus) => {
    using files = writtenTree({ 'go.mod': 'module m\n', 'cmd/a/main.go': mainGo });
    const here = services();
    await readFacts({
      tree: { ...(await someTree(files.root)), ...more },
      words: [],
      profile,
      variables,
      generating: false,
      testing: false,
      services: here,
    });
    expect(here.git.requests[0]).toMatchObject({
      needStatus,
      root: files.root,
      describeArgs: ['--tags', '--abbrev=14', '--match=v[0-9]*.[0-9]*.[0-9]*'],
    });
  });
});

test('git describes the commit that the user gives', async () => {
  using files = writtenTree({ 'go.mod': 'module m\n', 'cmd/a/main.go': mainGo });
  const here = services();
  await readFacts({
    tree: await someTree(files.root),
    words: [],
    profile: 'make',
    variables: { KUBE_GIT_COMMIT: 'abc' },
    generating: false,
    testing: false,
    services: here,
  });
  expect(here.git.requests[0]!.commit).toBe('abc');
});

test.each([
  ['gcc', 'gcc'],
  ['clang --target=aarch64-linux-gnu', 'clang'],
  ['ccache aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-gcc'],
  ['/usr/bin/ccache gcc -m64', 'gcc'],
  ['zig cc -target x86_64-windows-gnu', 'zig'],
])('the compiler in CC=%s is %s', (command, program) => {
  expect(programOf(command)).toBe(program);
});
