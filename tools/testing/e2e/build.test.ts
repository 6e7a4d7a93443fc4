import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBinary } from '@slipway/adapters';
import { hostPlatform } from '@slipway/facts';
import type { Platform } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { leftovers, stampOf } from '../src/listing.ts';
import { type FixtureName, type Repo, repo } from '../src/repo-rig.ts';

const host = hostPlatform();

interface Tree {
  readonly fixture: FixtureName;
  readonly source: string;
  /** Name and what it prints first. */
  readonly commands: Readonly<Record<string, string>>;
}

const trees: readonly Tree[] = [
  { fixture: 'plain', source: 'conventions', commands: { a: 'hello from a', b: 'hello from b' } },
  { fixture: 'workspace', source: 'conventions', commands: { cli: 'hello from cli', server: 'hello from server' } },
  {
    fixture: 'configured',
    source: 'slipway.config.ts',
    commands: { keeper: 'keeper v1.2.3-dev', gate: 'gate' },
  },
  {
    fixture: 'vendored',
    source: 'hack/lib/golang.sh',
    commands: {
      'kube-apiserver': 'hello from kube-apiserver v1.2.3-dev 1.2+',
      kubelet: 'hello from kubelet',
      kubectl: 'hello from kubectl',
    },
  },
];

/** Every published file of the host, with its stamp. */
const stamps = (tree: Repo, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, stampOf(tree.path(tree.published(name)))]));

describe.each(trees)('the tree $fixture', ({ fixture, source, commands }) => {
  const names = Object.keys(commands);

  test(`is known from ${source}, built where the contract says, and left alone the second time`, async () => {
    await using tree = repo(fixture);
    const first = await tree.slipway(['all']);
    expectDone(first);
    for (const [name, text] of Object.entries(commands)) {
      expect(tree.output(tree.published(name))).toMatch(text);
      expect(existsSync(tree.path('_output/local/go/bin', name))).toBe(true);
    }
    expect(readlinkSync(tree.path('_output/bin'))).toBe(tree.path('_output/local/bin', host));
    expect(tree.git('status', '--porcelain')).toBe('');
    expect(leftovers(tree.path('_output'))).toEqual([]);
    const before = stamps(tree, names);
    expectDone(await tree.slipway(['all']));
    expect(stamps(tree, names)).toEqual(before);
    const doctor = JSON.parse((await tree.slipway(['doctor', '--json'])).stdout) as { what: string; says: string }[];
    expect(doctor.find(({ what }) => what === 'tree')?.says).toContain(`known from ${source}`);
  });
});

test('a test binary is built from the package of its directory', async () => {
  await using tree = repo('vendored');
  expectDone(await tree.slipway(['all', 'WHAT=test/e2e/e2e.test']));
  expect(tree.output(tree.published('e2e.test'))).toBe('PASS');
  expect(readdirSync(tree.path('_output/local/bin', host))).toEqual(['e2e.test']);
});

describe('where a tree lies does not matter', () => {
  test('a space in its name, and a subdirectory as the place to stand', async () => {
    await using tree = repo('plain', 'my tree');
    expectDone(await tree.slipway(['a'], { cwd: 'cmd/b' }));
    expect(tree.output('_output/bin/a')).toMatch('hello from a');
    expect(existsSync(tree.path('cmd/b/_output'))).toBe(false);
  });

  test('a space in the name of a tree with scripts, but not with their own flags', async () => {
    await using tree = repo('vendored', 'my tree');
    expectDone(await tree.slipway(['kubectl']));
    expect(tree.output('_output/bin/kubectl')).toMatch('hello from kubectl v1.2.3-dev');
    expectFailure(await tree.slipway(['kubectl', '--profile', 'make']), 'UNSUPPORTED_TREE', {
      says: 'my tree: Go splits',
      hint: '--profile release',
    });
  });

  test('a worktree, stamped with its own commit', async () => {
    await using tree = repo('plain');
    tree.git('worktree', 'add', '--quiet', '-b', 'other', '../tree2');
    tree.git('-C', '../tree2', 'commit', '--quiet', '--allow-empty', '--message=more');
    const commit = tree.git('-C', '../tree2', 'rev-parse', 'HEAD');
    expectDone(await tree.slipway(['-C', '../tree2', 'a', '--profile', 'release']));
    expect(tree.output('../tree2/_output/bin/a')).toBe(
      `hello from a v1.2.3-1+${commit.slice(0, 14)} ${commit} clean 2024-01-02T03:04:05Z`,
    );
    expect(existsSync(tree.path('_output'))).toBe(false);
  });

  test('OUT_DIR, in the tree or elsewhere, takes everything', async () => {
    await using tree = repo('plain');
    for (const outDir of ['out/of the way', tree.path('../elsewhere')]) {
      expectDone(await tree.slipway(['b', `OUT_DIR=${outDir}`]));
      expect(tree.output(tree.published('b', host, outDir))).toBe('hello from b');
      expect(tree.output(`${outDir}/bin/b`)).toBe('hello from b');
    }
    expect(existsSync(tree.path('_output'))).toBe(false);
    expect(tree.git('status', '--porcelain')).toBe('');
  });
});

test('cross builds every platform that is asked for', async () => {
  await using tree = repo('plain');
  const platforms = ['linux/amd64', 'darwin/arm64', 'windows/amd64'] as Platform[];
  expectDone(await tree.slipway(['cross', `KUBE_BUILD_PLATFORMS=${platforms.join(' ')}`]));
  for (const platform of platforms) {
    for (const name of ['a', 'b']) {
      const binary = await readBinary(tree.path(tree.published(name, platform)));
      expect(binary).toMatchObject({ platform });
    }
  }
});

test('the target cross builds each set for the platforms of that set, and names the sets that it leaves out', async () => {
  await using tree = repo('configured');
  const done = await tree.slipway(['cross', 'KUBE_BUILD_PLATFORMS=windows/amd64']);
  expectDone(done);
  expect(done.stdout).toMatch(/set server: none of linux\/amd64, linux\/arm64 is in KUBE_BUILD_PLATFORMS/);
  expect(readdirSync(tree.path('_output/local/bin'), { recursive: true })).toEqual([
    'windows',
    'windows/amd64',
    'windows/amd64/gate.exe',
  ]);
  expect(existsSync(tree.path('_output/bin'))).toBe(false);
});

describe('goals and variables', () => {
  test('several targets in a row are done in their order', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['a']));
    const { stdout } = await tree.slipway(['clean', 'b', 'vet']);
    expect(readdirSync(tree.path('_output/local/bin', host))).toEqual(['b']);
    expect(stdout).toMatch(/build b .*\n[\s\S]*vet/);
  });

  test('the command line wins over the environment, and the environment over nothing', async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['all'], { env: { WHAT: 'cmd/b', KUBE_GIT_VERSION: 'v8.0.0' } }));
    expect(readdirSync(tree.path('_output/local/bin', host))).toEqual(['b']);
    expectDone(await tree.slipway(['all', 'WHAT=cmd/a'], { env: { WHAT: 'cmd/b', KUBE_GIT_VERSION: 'v8.0.0' } }));
    expect(tree.output('_output/bin/a')).toMatch('hello from a v8.0.0');
    expectDone(
      await tree.slipway(['all', 'WHAT=cmd/a', 'KUBE_GIT_VERSION=v9.0.0'], { env: { KUBE_GIT_VERSION: 'v8.0.0' } }),
    );
    expect(tree.output('_output/bin/a')).toMatch('hello from a v9.0.0');
  });
});
