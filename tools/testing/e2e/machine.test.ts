import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBinary } from '@slipway/adapters';
import { hostPlatform } from '@slipway/facts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { leftovers } from '../src/listing.ts';
import { asNobody, pathWith, withMounts } from '../src/other-machine.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import { slipwayInShell } from '../src/slipway-process.ts';

const host = hostPlatform();

/**
 * Bytes of the binaries of the tree `plain`, which then has no output. They are in the store, from where they would
 * return in half the space: `-B` makes Go build them.
 */
async function sizes(tree: Repo): Promise<{ a: number; b: number }> {
  const env = { OUT_DIR: tree.path('../measured') };
  expectDone(await tree.slipway(['all'], { env }));
  const size = (name: string): number => statSync(tree.published(name, host, env.OUT_DIR)).size;
  return { a: size('a'), b: size('b') };
}

const tmpfs = (bytes: number): string => `mount -t tmpfs -o size=${Math.ceil(bytes / 4096) * 4096} tmpfs "$1"`;

describe('a disk', () => {
  test('that is read-only is reported, and questions about the tree still work', async ({ skip }) => {
    await using tree = repo('plain');
    const { why, wrapper } = withMounts(tree, 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"');
    skip(why !== undefined, why);
    const failed = await tree.slipway(['all'], { wrapper });
    expectFailure(failed, 'NOT_WRITABLE', { says: /_output\/local.* the file system is read-only/, hint: 'OUT_DIR=' });
    expect(readdirSync(tree.path('_output'))).toEqual([]);
    expectDone(await tree.slipway(['b', 'OUT_DIR=../elsewhere'], { wrapper }));
    expectDone(await tree.slipway(['-n', 'all'], { wrapper }));
  });

  test('that is full while Go writes is reported', async ({ skip }) => {
    await using tree = repo('plain');
    const { why, wrapper } = withMounts(tree, tmpfs((await sizes(tree)).a / 2));
    skip(why !== undefined, why);
    expectFailure(await tree.slipway(['-B', 'all'], { wrapper }), 'DISK_FULL', { hint: 'slipway clean' });
    expect(leftovers(tree.path('../seen'))).toEqual([]);
    expect(existsSync(tree.path('../seen/local/bin'))).toBe(false);
  });

  test('that is full while results are published has each result whole, or not at all', async ({ skip }) => {
    await using tree = repo('plain');
    const { a, b } = await sizes(tree);
    const { why, wrapper } = withMounts(tree, tmpfs(a + b + a + b / 2));
    skip(why !== undefined, why);
    expectFailure(await tree.slipway(['-B', 'all'], { wrapper }), 'DISK_FULL', { says: 'local/bin' });
    expect(leftovers(tree.path('../seen'))).toEqual([]);
    // Two files are copied at once, and both may want the last space.
    const published = readdirSync(tree.path('../seen/local/bin', host));
    expect(published.length).toBeLessThan(2);
    for (const name of published)
      expect(tree.output(join('../seen/local/bin', host, name))).toMatch(`hello from ${name}`);
  });

  test('that is full the second time keeps the good files', async ({ skip }) => {
    await using tree = repo('plain');
    const { a, b } = await sizes(tree);
    const change = `printf 'package main\\n\\nfunc init() { println("new") }\\n' > cmd/a/new.go`;
    const { why, wrapper } = withMounts(
      tree,
      `${tmpfs(2 * (a + b) + b / 2)} && ${slipwayInShell()} -B -s all && ${change}`,
    );
    skip(why !== undefined, why);
    expectFailure(await tree.slipway(['all'], { wrapper }), 'DISK_FULL');
    expect(leftovers(tree.path('../seen'))).toEqual([]);
    for (const name of ['a', 'b'])
      expect(tree.output(join('../seen/local/bin', host, name))).toMatch(`hello from ${name}`);
    expect(tree.output(join('../seen/local/bin', host, 'a'))).not.toMatch('new');
  });
});

describe("the disk of the user's caches", () => {
  const cases = [
    { what: 'full', options: 'size=16k' },
    { what: 'read-only', options: 'ro' },
  ];

  test.for(cases)('is $what: that costs only time', async ({ options }, { skip }) => {
    await using tree = repo('plain');
    const cache = '"$1/../../home/.cache"';
    const { why, wrapper } = withMounts(tree, `mkdir -p ${cache} && mount -t tmpfs -o ${options} tmpfs ${cache}`);
    skip(why !== undefined, why);
    const done = await tree.slipway(['all'], { wrapper });
    expect(done.exit, done.stdout + done.stderr).toBe(0);
    expect(done.stderr).not.toMatch(/bug|at .*:\d+:\d+/);
    expect(tree.output('_output/bin/a')).toMatch('hello from a');
    expect(leftovers(tree.path('_output'))).toEqual([]);
  });
});

describe('permission', () => {
  test('to write is missing', async ({ skip }) => {
    await using tree = repo('plain');
    tree.write({ '_output/local/keep': '' });
    const { why, wrapper } = asNobody(tree);
    skip(why !== undefined, why);
    chmodSync(tree.path('_output/local'), 0o555);
    expectFailure(await tree.slipway(['all'], { wrapper }), 'NOT_WRITABLE', {
      says: 'permission denied',
      hint: 'make it writable',
    });
  });

  test("for Go's module cache in the output is read-only for all, and clean removes it nevertheless", async ({
    skip,
  }) => {
    await using tree = repo('plain');
    tree.write({ '_output/local/go/pkg/mod/example.org/x@v1.0.0/x.go': 'package x\n' });
    const { why, wrapper } = asNobody(tree);
    skip(why !== undefined, why);
    for (const path of ['x.go', '.', '..'])
      chmodSync(tree.path('_output/local/go/pkg/mod/example.org/x@v1.0.0', path), 0o555);
    expectDone(await tree.slipway(['clean'], { wrapper }));
    expect(existsSync(tree.path('_output'))).toBe(false);
  });
});

describe('a machine', () => {
  test('without git builds, and notes that nothing is stamped', async () => {
    await using tree = repo('plain');
    const env = { PATH: pathWith(tree, 'go') };
    for (const profile of ['dev', 'release']) {
      const refused = await tree.slipway(['a', '--profile', 'release'], { env });
      expectFailure(refused, 'TOOL_MISSING', { says: /^git is not installed/, hint: '--allow-missing', messages: 2 });
      const done = await tree.slipway(['a', '--profile', profile, '--allow-missing'], { env });
      expectDone(done);
      expect(done.stdout).toMatch(
        /gitVersion: git is not installed \(apt-get install git\); KUBE_GIT_VERSION=vX\.Y\.Z stamps one/,
      );
      expect(tree.output('_output/bin/a')).toMatch(/^hello from a v0\.0\.0-unstamped /);
    }
    expectDone(await tree.slipway(['a', 'KUBE_GIT_VERSION=v4.5.6'], { env }));
    expect(tree.output('_output/bin/a')).toMatch('hello from a v4.5.6');
  });

  test('without a repository, and with one of depth one, builds and prints the same', async () => {
    await using tree = repo('plain');
    tree.commit('second').git('clone', '--quiet', '--depth=1', `file://${tree.dir}`, '../shallow');
    const shallow = await tree.slipway(['-C', '../shallow', 'a', '--profile', 'release']);
    expectDone(shallow);
    expect(shallow.stdout).toMatch(
      /gitVersion: this clone is shallow and reaches no tag \(git fetch --unshallow --tags\)/,
    );
    expect(tree.output('../shallow/_output/bin/a')).toMatch(`v0.0.0-unstamped ${tree.git('rev-parse', 'HEAD')} clean`);
    tree.write({ '.git': undefined });
    expectFailure(await tree.slipway(['a', '--profile', 'release']), 'UNSUPPORTED_TREE', { hint: '--allow-missing' });
    const none = await tree.slipway(['a', '--profile', 'release', '--allow-missing']);
    expectDone(none);
    expect(none.stdout).toMatch(/gitVersion: git knows no commit here \(git status says why\)/);
    expect(tree.output('_output/bin/a')).toBe('hello from a v0.0.0-unstamped   1970-01-01T00:00:00Z');
  });

  test('whose tag is not a version has no version until one is given', async () => {
    await using tree = repo('plain');
    tree.git('tag', '--delete', 'v1.2.3');
    tree.git('tag', 'vNext');
    const noted = await tree.slipway(['-n', 'a', '--profile', 'release']);
    expectDone(noted);
    expect(noted.stdout).toContain('gitVersion');
    expect(noted.stdout).not.toContain('vNext');
    expectFailure(await tree.slipway(['a', '--profile', 'release', 'KUBE_GIT_VERSION=vNext']), 'BAD_VERSION', {
      says: 'vNext',
      hint: 'KUBE_GIT_VERSION=vX.Y.Z',
    });
    expect(existsSync(tree.path('_output'))).toBe(false);
    expectDone(await tree.slipway(['clean', '--profile', 'release']));
    expectDone(await tree.slipway(['a']));
    expect(tree.output('_output/bin/a')).toMatch('hello from a v0.0.0-unstamped');
    expectDone(await tree.slipway(['a', '--profile', 'release', 'KUBE_GIT_VERSION=v1.0.0']));
    const { goBuildInfo } = await readBinary(tree.path(tree.published('a')));
    expect(goBuildInfo?.path).toBe('plain.example/plain/cmd/a');
    expect(tree.output('_output/bin/a')).toMatch('hello from a v1.0.0');
  });

  test('without Go, or with another, names the wanted Go and a way to get it', async () => {
    await using tree = repo('plain');
    const nothing = { PATH: pathWith(tree, 'git') };
    const asked = await tree.slipway(['all'], { env: nothing });
    expectFailure(asked, 'GO_UNAVAILABLE', {
      says: /Go 1\.21\S*, which go\.mod asks for, .*GOPROXY=off/,
      hint: 'install Go 1.21',
    });
    expectFailure(await tree.slipway(['all', 'FORCE_HOST_GO=y'], { env: nothing }), 'TOOL_MISSING', {
      says: 'go is not installed',
    });
    const other = await tree.slipway(['all', 'GO_VERSION=1.20.99']);
    expectFailure({ ...other, stderr: other.stderr.replace(/^go .* downloads .*\n/, '') }, 'GO_UNAVAILABLE', {
      says: 'Go 1.20.99, which GO_VERSION asks for',
    });
    expect(existsSync(tree.path('_output'))).toBe(false);
  });

  test('notes that another Go than the requested one builds', async () => {
    await using tree = repo('plain');
    const env = { GOTOOLCHAIN: 'local' };
    const planned = await tree.slipway(['-n', 'all', 'GO_VERSION=1.99.99'], { env });
    expect(planned.stdout).toMatch(/^note +Go \d\S+: GO_VERSION asks for 1\.99\.99; GOTOOLCHAIN=local/m);
    const forced = await tree.slipway(['all', 'GO_VERSION=1.99.99', 'FORCE_HOST_GO=y']);
    expect(forced.stdout).toMatch(/GO_VERSION asks for 1\.99\.99; FORCE_HOST_GO/);
    expect((await tree.slipway(['-n', 'all'], { env })).stdout).not.toMatch(/^note +Go/m);
  });

  test('without bash cannot ask a tree with scripts', async () => {
    await using tree = repo('vendored');
    const env = { PATH: pathWith(tree, 'go', 'git') };
    expectFailure(await tree.slipway(['all'], { env }), 'TOOL_MISSING', {
      says: 'bash is not installed',
      hint: 'slipway.config.ts',
    });
    const { stdout, exit } = await tree.slipway(['doctor'], { env });
    expect(exit).toBe(3);
    expect(stdout).toMatch(/^missing bash +bash is not installed: hack\/lib\/golang\.sh is bash/m);
    expect(stdout).not.toMatch(/^missing (go|tree)\b/m);
  });
});
