import { utimesSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { stampOf } from '../src/listing.ts';
import { type Call, WatchedRepo, byStatus, goBuilds } from '../src/watched-repo.ts';

const sources = [
  'cmd/a/a.go',
  'cmd/b/b.go',
  'pkg/version/version.go',
  'staging/src/plain.example/words/words.go',
  'go.mod',
];

/** Runs without the flags that need the whole answer, and returns the started programs. */
async function ask(tree: WatchedRepo, ...args: string[]): Promise<{ says: string; calls: readonly Call[] }> {
  tree.calls();
  const ended = await tree.slipway(['all', ...args]);
  expectDone(ended);
  return { says: ended.stdout, calls: tree.calls() };
}

const NOTHING = /^slipway all .*: nothing changed, \d+ files? (is|are) up to date\n$/;

const stampsOf = (tree: WatchedRepo): string[] => ['a', 'b'].map((name) => stampOf(tree.path(tree.published(name))));

describe('a run without changes', () => {
  test('starts nothing at all', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.slipway(['all']));
    const before = stampsOf(tree);
    const { says, calls } = await ask(tree);
    expect(says).toMatch(NOTHING);
    expect(calls).toEqual([]);
    expect(stampsOf(tree)).toEqual(before);
  });

  test('starts nothing at all in a tree without stamps', async () => {
    await using tree = new WatchedRepo('workspace').init();
    expectDone(await tree.slipway(['all']));
    const { says, calls } = await ask(tree);
    expect(says).toMatch(NOTHING);
    expect(calls).toEqual([]);
  });

  test('starts git once for the nearest tag in a worktree, whose tags are elsewhere', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    tree.git('worktree', 'add', '-q', 'other');
    const args = ['--directory', tree.path('other')];
    expectDone(await tree.slipway(['all', ...args]));
    const { says, calls } = await ask(tree, ...args);
    expect(says).toMatch(NOTHING);
    expect(
      calls.map(({ program, args: words }) => [program, words.filter((word) => /^(describe|--abbrev=0)$/.test(word))]),
    ).toEqual([['git', ['describe', '--abbrev=0']]]);
  });

  test('builds nothing after an empty commit, and after one that touches no Go file', async () => {
    await using tree = new WatchedRepo('plain').write({ 'docs/read.md': 'words' }).init('v1.2.3');
    expectDone(await tree.slipway(['all']));
    const before = stampsOf(tree);
    const changes = [
      () => tree.commit('empty'),
      () => tree.write({ 'docs/read.md': 'other words', 'docs/more.md': 'more' }).commit('words'),
    ];
    for (const change of changes) {
      change();
      const { says, calls } = await ask(tree);
      expect(says).toMatch(NOTHING);
      expect(calls.map(({ program }) => program)).toEqual(['git']);
    }
    expect(stampsOf(tree)).toEqual(before);
  });

  test('builds nothing and does not ask Go about a new file that is no Go file, beside packages', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.slipway(['all']));
    const before = stampsOf(tree);
    for (const path of ['notes.txt', 'cmd/a/notes.txt', 'hack/more/x.sh', 'cmd/a/testdata/x.go']) {
      tree.write({ [path]: 'package x\n' }).commit(path);
      const { calls } = await ask(tree);
      expect({ path, go: calls.filter(({ program }) => program === 'go') }).toEqual({ path, go: [] });
      expect((await ask(tree)).says).toMatch(NOTHING);
    }
    expect(stampsOf(tree)).toEqual(before);
  });

  test('reads all touched files once, plans and builds nothing, and then relies on the stats again', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.slipway(['all']));
    for (const seconds of [1_000_000_000, Date.now() / 1000]) {
      for (const path of sources) utimesSync(tree.path(path), seconds, seconds);
      for (let round = 0; round < 2; round++) {
        const { says, calls } = await ask(tree);
        expect(says).toMatch(NOTHING);
        expect(calls).toEqual([]);
      }
    }
    // And one of them edited, to the same size.
    const words = tree.read('pkg/version/version.go');
    for (const path of sources) utimesSync(tree.path(path), 2_000_000_000, 2_000_000_000);
    tree.write({ 'pkg/version/version.go': words.replace('in one line', 'in a line ') });
    expect((await ask(tree)).says).not.toMatch(NOTHING);
  });

  test('is not claimed for another request, environment or Go', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.slipway(['all']));
    const others: [string[], Record<string, string>][] = [
      [['WHAT=cmd/a'], {}],
      [['DBG=1'], {}],
      [[], { GOFLAGS: '-tags=some' }],
      [[], { CGO_CFLAGS: '-O1' }],
      [[], { KUBE_GIT_VERSION: 'v9.9.9' }],
      [['--profile', 'release'], {}],
      [['-B'], {}],
    ];
    for (const [args, env] of others) {
      const { stdout, exit } = await tree.slipway(['all', ...args], { env });
      expect({ exit, quick: NOTHING.test(stdout), args, env }).toEqual({ exit: 0, quick: false, args, env });
    }
    // Another Go is now first on PATH.
    await using other = new WatchedRepo('plain').init();
    const { stdout } = await tree.slipway(['all'], { env: { PATH: other.env['PATH'] } });
    expect(stdout).not.toMatch(NOTHING);
  });
});

describe('a stamp', () => {
  test('a new tag links again, with the new version; without it the old files come back', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    tree.commit('more', 'v1.3.0');
    const tagged = await tree.build();
    expect(tagged).toMatchObject({ exit: 0, stderr: '' });
    expect(byStatus(tagged)).toEqual({ ran: ['a', 'b'] });
    expect(tagged.statuses.get([...tagged.statuses.keys()][0]!)!.why).toMatch(/v1\.2\.3-dev.*v1\.3\.0-dev/);
    expect(tree.output('_output/bin/a')).toMatch('hello from a v1.3.0-dev');
    tree.git('tag', '--delete', 'v1.3.0');
    const untagged = await tree.build();
    expect(byStatus(untagged)).toEqual({ restored: ['a', 'b'] });
    expect(goBuilds(untagged.calls)).toEqual([]);
    expect(tree.output('_output/bin/a')).toMatch('hello from a v1.2.3-dev');
  });
});
