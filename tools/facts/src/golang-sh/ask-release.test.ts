import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { memoryMemo, realCommandRunner } from '@slipway/adapters';
import { type Environment, SHIPPED_VERSION } from '@slipway/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../environment.ts';
import { countingRunner } from '../fixtures/worlds.ts';
import { type WrittenTree, copiedFixture } from '../fixtures/written-tree.ts';
import { type ReleaseQuestion, askRelease } from './ask-release.ts';
import { openDisk } from '../disk.ts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };

const without = (program: string) => ({
  skip: findProgram(program, environment) === undefined,
  meta: { why: `there is no ${program}` },
});

describe('the scripts of a Kubernetes-shaped tree', without('bash'), () => {
  let files: WrittenTree;
  beforeEach(() => (files = copiedFixture('kubernetes-shaped')));
  afterEach(() => files[Symbol.dispose]());

  const ask = (more: Partial<ReleaseQuestion> = {}) =>
    askRelease({
      ...{ root: files.root, treeState: 'clean', version: SHIPPED_VERSION, variables: {}, environment, paths: [] },
      ...{ runner: realCommandRunner(), memo: memoryMemo(), disk: openDisk() },
      ...more,
    });
  const members = async (name: string, more: Partial<ReleaseQuestion> = {}) => {
    const entries = (await ask(more)).tarballs.find((tarball) => tarball.name === name)!.entries;
    if (entries === 'commit') return entries;
    return Object.fromEntries(entries.map(({ path, ...rest }) => [path, rest]));
  };

  test('list every tarball, and leave no files behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => /^slipway-.{6}$/.test(name));
    const { tarballs } = await ask();
    expect(tarballs.map(({ name }) => name)).toEqual([
      'mono-client-darwin-arm64.tar.gz',
      'mono-client-linux-amd64.tar.gz',
      'mono-client-linux-arm64.tar.gz',
      'mono-client-windows-amd64.tar.gz',
      'mono-server-linux-amd64.tar.gz',
      'mono-server-linux-arm64.tar.gz',
      'mono-src.tar.gz',
      'mono.tar.gz',
    ]);
    expect(existsSync(`${files.root}/_output`)).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => /^slipway-.{6}$/.test(name) && !before.includes(name))).toEqual([]);
  });

  test('list the content of one: binaries, images, other tarballs, files of the tree, texts', async () => {
    expect(await members('mono-server-linux-arm64.tar.gz')).toEqual({
      mono: { directory: true },
      'mono/addons': { directory: true },
      'mono/mono-src.tar.gz': { artifact: 'mono-src.tar.gz' },
      'mono/server': { directory: true },
      'mono/server/bin': { directory: true },
      ...Object.fromEntries(
        ['apiserver', 'agent', 'runner'].map((name) => [
          `mono/server/bin/${name}`,
          { binary: name, platform: 'linux/arm64' },
        ]),
      ),
      ...Object.fromEntries(
        ['apiserver', 'agent'].flatMap((name) => [
          [`mono/server/bin/${name}.tar`, { artifact: `arm64/${name}.tar` }],
          [`mono/server/bin/${name}.docker_tag`, { text: '@git_Version@\n', mode: 0o644 }],
        ]),
      ),
    });
    expect(await members('mono.tar.gz')).toMatchObject({
      'mono/client/README': { text: 'Binaries are elsewhere.\n', mode: 0o644 },
      'mono/version': { text: `${SHIPPED_VERSION}\n`, mode: 0o644 },
      'mono/hack/lib': { tree: 'hack/lib' },
      'mono/go.mod': { tree: 'go.mod' },
      'mono/sources/logging.sh': { tree: 'hack/lib/logging.sh' },
      'mono/sources/greet/greet.go': { tree: 'pkg/greet/greet.go' },
      'mono/sources/lib/version.sh': { tree: 'hack/lib/version.sh' },
    });
    expect(await members('mono-client-windows-amd64.tar.gz')).toMatchObject({
      'mono/client/bin/ctl.exe': { binary: 'ctl', platform: 'windows/amd64' },
    });
  });

  test('describe how images are made', async () => {
    const variables = {
      KUBE_AGENT_BASE_IMAGE: 'oci:/base',
      KUBE_DOCKER_REGISTRY: 'localhost:5000',
      KUBE_DOCKER_IMAGE_TAG: 'v9',
    };
    const { images } = await ask({ variables });
    const platform = 'linux/amd64';
    expect(images.filter((image) => image.platform === platform)).toEqual([
      {
        name: 'apiserver',
        platform: 'linux/amd64',
        names: ['registry.example/apiserver-amd64:@git_Version@', 'localhost:5000/apiserver-amd64:v9'],
        base: 'registry.example/base:v1',
        layers: [[{ path: 'usr/local/bin/apiserver', binary: 'apiserver', platform, capabilities: [10] }]],
        config: { entrypoint: ['/usr/local/bin/apiserver'] },
      },
      {
        name: 'agent',
        platform: 'linux/amd64',
        names: ['registry.example/agent-amd64:@git_Version@', 'localhost:5000/agent-amd64:v9'],
        base: 'oci:/base',
        layers: [[{ path: 'usr/local/bin/agent', binary: 'agent', platform }]],
        config: {},
      },
    ]);
  });

  const everything = async (variables: Environment = {}) => {
    const { images, leftOut } = await ask({ variables: { KUBE_BUILD_CONFORMANCE: 'y', ...variables } });
    return { images: images.filter(({ name }) => name.startsWith('everything')), leftOut };
  };

  test('use the Makefile of an image that has one', without('make'), async () => {
    const text = readFileSync(`${files.root}/build/everything/Dockerfile`, 'utf8');
    const { images, leftOut } = await everything();
    expect(leftOut).toEqual([]);
    expect(images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(images[1]).toEqual({
      name: 'everything-arm64',
      platform: 'linux/arm64',
      names: ['registry.example/everything-arm64:@git_Version@'],
      base: 'registry.example/everything-base-arm64:v1',
      layers: [
        [{ path: 'usr/local/bin/everything', binary: 'ctl', platform: 'linux/arm64' }],
        [{ path: 'everything/sources', tree: 'pkg' }],
        [{ path: 'everything/Makefile', tree: 'build/everything/Makefile' }],
      ],
      config: {
        workingDir: '/usr/local/bin',
        env: ['E2E_FOCUS=\\[Conformance\\]', 'E2E_SKIP='],
        entrypoint: ['everything'],
      },
    });
    expect(readFileSync(`${files.root}/build/everything/Dockerfile`, 'utf8')).toBe(text);
    expect((await everything({ KUBE_EVERYTHING_BASE_IMAGE: 'oci:/b' })).images[0]!.base).toBe('oci:/b');
    expect((await ask()).images).toHaveLength(4);
  });

  test('leave out with a note what slipway cannot make', async () => {
    const text = readFileSync(`${files.root}/build/everything/Dockerfile`, 'utf8');
    files.write({ 'build/everything/Dockerfile': `${text}RUN apt-get install x\n` });
    expect(await everything()).toMatchObject({
      images: [],
      leftOut: expect.arrayContaining([
        {
          what: 'image registry.example/everything-amd64:@git_Version@',
          why: 'left out: the Dockerfile: RUN apt-get install x needs an engine',
        },
      ]),
    });
    files.write({ 'build/everything/Makefile': 'build: missing\n' });
    expect(await everything()).toEqual({
      images: [],
      leftOut: [{ what: 'everything image', why: 'left out: make -n -C build/everything/ fails' }],
    });
  });

  test('pack the files of a tree with changes', async () => {
    expect(await members('mono-src.tar.gz')).toBe('commit');
    expect(await members('mono-src.tar.gz', { treeState: 'dirty' })).toMatchObject({
      'mono/Makefile': { tree: 'Makefile' },
      'mono/pkg': { tree: 'pkg' },
    });
  });

  test('run once for the same tree', async () => {
    const [memo, runner] = [memoryMemo(), countingRunner()];
    const first = await ask({ memo, runner });
    expect(await ask({ memo, runner })).toEqual(first);
    expect(runner.count).toBe(1);
    await ask({ memo, runner, paths: ['a/new/file'] });
    await ask({ memo, runner, variables: { KUBE_BUILD_PLATFORMS: 'linux/amd64' } });
    files.write({ 'build/common.sh': `${readFileSync(`${files.root}/build/common.sh`, 'utf8')}\n# more` });
    await ask({ memo, runner });
    expect(runner.count).toBe(4);
  });

  test.each<[string, string, string]>([
    ['fail', 'kube::release::package_tarballs() { return 1; }', 'package_tarballs failed'],
    ['cannot be read', 'if then', 'it ended with'],
    ['do not package', 'unset -f kube::release::package_tarballs', 'it ended with 3'],
    [
      'pack what is of another place',
      'kube::release::package_tarballs() { mkdir -p "$RELEASE_STAGE/x/mono" && cp /etc/hosts "$RELEASE_STAGE/x/mono/"; kube::release::create_tarball "$RELEASE_TARS/x.tar.gz" "$RELEASE_STAGE/x"; }',
      'neither a binary nor of the tree',
    ],
  ])('that %s are said so', async (_name, text, says) => {
    const script = readFileSync(`${files.root}/build/lib/release.sh`, 'utf8');
    files.write({ 'build/lib/release.sh': `${script}\n${text}\n` });
    await expect(ask()).rejects.toThrow(says);
  });
});
