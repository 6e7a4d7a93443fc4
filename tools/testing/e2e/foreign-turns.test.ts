import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { Clone } from '../src/clone.ts';
import { expectDone } from '../src/expect-failure.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { cgoMain, goMod, plainMain } from '../src/observe/sources.ts';
import { profileOf } from '../src/mutation/profile.ts';
import { seedGoCache } from '../src/observe/seed.ts';
import { goCommand } from '../src/slipway-process.ts';
import { WatchedRepo, goBuilds } from '../src/watched-repo.ts';

const [os, arch] = hostPlatform().split('/');
const NEEDS = unless(whyWithout('gcc'));
const header = (number: number): Record<string, string> => ({ 'inc/n.h': `#define N ${number}\n` });
const files = {
  ...goMod(),
  'cmd/a/a.go': cgoMain('#cgo CFLAGS: -I${SRCDIR}/../../inc\n#include "n.h"'),
  'slipway.config.ts': `export default {
  sets: { server: { targets: ['cmd/a'], platforms: ['${hostPlatform()}'] } },
  release: { name: 'seen' },
};
`,
};

const clone = (number: number, first?: Clone, name?: string): Clone =>
  new Clone(first, name).write({ ...files, ...header(number) }).init('v1.0.0') as Clone;

async function prints(tree: Clone, ...args: readonly string[]): Promise<string> {
  expectDone(await tree.slipway(['all', ...args], { env: tree.caches }));
  return tree.output(tree.published('a'));
}

/** Plain Go in the same compile cache, with slipway's flags. */
function plainGo(tree: Clone): void {
  const args = ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', join(tree.base, 'plain'), './cmd/a'];
  execFileSync(goCommand(), args, { cwd: tree.dir, env: { ...tree.env, ...tree.caches }, stdio: 'pipe' });
}

describe('two clones with different headers outside of their packages, and one compile cache', NEEDS, () => {
  test('build in turns, with plain Go in between, with -B, after clean, and at the same time', async () => {
    await using one = clone(1);
    await using two = clone(2, one);
    plainGo(two);
    expect(await prints(one), 'after plain Go compiled the other header').toBe('1');
    expect(await prints(two)).toBe('2');
    plainGo(one);
    expect([await prints(two, '-B'), await prints(one, '-B')], 'each with -B').toEqual(['2', '1']);
    expectDone(await two.slipway(['clean'], { env: two.caches }));
    expect(await prints(two), 'after clean').toBe('2');
    one.write(header(3));
    two.write(header(4));
    expect(await Promise.all([prints(one), prints(two)]), 'at the same time').toEqual(['3', '4']);
    expect(await Promise.all([prints(one, '-B'), prints(two, '-B')]), 'and with -B').toEqual(['3', '4']);
  });

  test("each release is its own: quick-release from a fresh clone has that clone's contents", async () => {
    await using one = clone(1);
    expect(await prints(one)).toBe('1');
    await using fresh = clone(2, one, 'fresh');
    expectDone(await fresh.slipway(['quick-release', '--without-docker', 'CGO_ENABLED=1'], { env: fresh.caches }));
    const tar = fresh.path('_output/release-tars', `seen-server-${os}-${arch}.tar.gz`);
    execFileSync('tar', ['-xzf', tar, '-C', fresh.base, 'seen/server/bin/a']);
    expect(fresh.output(join(fresh.base, 'seen/server/bin/a'))).toBe('2');
  });
});

test('an edited header costs one compilation, and none of its dependencies', NEEDS, async () => {
  await using tree = new WatchedRepo('empty');
  tree.write({ ...files, ...header(1) }).init('v1.0.0');
  const env = { GOCACHE: join(tree.base, 'go-build') };
  seedGoCache(env.GOCACHE);
  expectDone(await tree.build(['all'], { env }));
  for (const number of [2, 3]) {
    tree.write(header(number));
    const built = await tree.build(['all', '--explain'], { env });
    expectDone(built);
    expect(tree.output(tree.published('a'))).toBe(String(number));
    expect([...built.statuses.values()][0]?.why).toContain('inc/n.h changed');
    const calls = goBuilds(built.calls);
    expect(calls.flatMap(({ args }) => args)).not.toContain('-a');
    expect(calls.length).toBeLessThanOrEqual(2);
  }
  tree.write({ 'cmd/a/a.go': `${files['cmd/a/a.go']}// more\n` });
  expect(goBuilds((await tree.build(['all'], { env })).calls)).toHaveLength(1);
});

describe('an input without a name goes to Go each time, in every clone', NEEDS, () => {
  const script = (line: string): string => `#!/bin/sh\n${line}\n`;
  const rows = [
    {
      what: 'a script as CC',
      files: { ...goMod(), 'cmd/a/a.go': cgoMain(''), 'bin/cc': script('exec gcc -DN=1 "$@"') },
      edit: { 'bin/cc': script('exec gcc -DN=2 "$@"') },
      prints: '2',
      env: (tree: Clone) => ({ CC: tree.path('bin/cc') }),
      why: /slipway cannot tell what the script .*bin\/cc reads/,
    },
    {
      what: 'a program around the tools',
      files: { ...goMod(), 'cmd/a/a.go': plainMain, 'bin/t': script('exec "$@"') },
      edit: { 'bin/t': script('exec "$@" # other') },
      prints: '1',
      env: (tree: Clone) => ({ GOFLAGS: `-toolexec=${tree.path('bin/t')}` }),
      why: /slipway cannot tell what -toolexec reads/,
    },
  ] as const;

  test.for(rows)('$what: it is never fresh and never kept, and --explain gives the reason', async (row) => {
    await using one = new Clone();
    one.write(row.files).init('v1.0.0');
    // Go's answer about the packages is no result of the build.
    const kept = (): string[] => {
      const caches = join(one.caches.XDG_CACHE_HOME, 'slipway');
      return readdirSync(caches, { recursive: true, encoding: 'utf8' }).filter(
        (path) =>
          /\bstore\b.*\brecords\/.*[0-9a-f]{40}/.test(path) &&
          !readFileSync(join(caches, path), 'utf8').includes('"package graph"'),
      );
    };
    for (const tree of [one, one]) {
      const ended = await tree.slipway(['all', '--explain'], { env: { ...tree.caches, ...row.env(tree) } });
      expectDone(ended);
      expect(ended.stdout).toMatch(row.why);
      expect(ended.stdout).not.toMatch(/nothing changed|from the store/);
      expect(tree.output(tree.published('a'))).toBe('1');
    }
    expect(kept()).toEqual([]);
    await using two = new Clone(one);
    two.write({ ...row.files, ...row.edit }).init('v1.0.0');
    const ended = await two.slipway(['all', '--explain'], { env: { ...two.caches, ...row.env(two) } });
    expectDone(ended);
    expect(ended.stdout).toMatch(row.why);
    expect(two.output(two.published('a'))).toBe(row.prints);
  });
});

test('another profile is another binary, also with -B', NEEDS, async () => {
  await using tree = new Clone();
  tree.write({ ...goMod(), 'cmd/a/a.go': plainMain }).init('v1.0.0');
  const profile = join(tree.base, 'profile');
  const env = { ...tree.caches, CGO_ENABLED: '0', GOFLAGS: `-pgo=${profile}` };
  const build = async (line: number, ...args: readonly string[]): Promise<string> => {
    writeFileSync(profile, profileOf('main.f', line));
    expectDone(await tree.slipway(['all', ...args], { env }));
    return readFileSync(tree.path(tree.published('a'))).toString('latin1');
  };
  const first = await build(3);
  const second = await build(4, '-B');
  expect(second === first).toBe(false);
  expect((await build(3)) === first).toBe(true);
});
