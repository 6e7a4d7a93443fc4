import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { expectDone } from '../src/expect-failure.ts';
import { WatchedRepo, byStatus, goBuilds } from '../src/watched-repo.ts';

const host = hostPlatform();

/** Calls of Go in the tree of these tests. */
const goCalls = (tree: WatchedRepo): string[] =>
  tree
    .calls()
    .filter(({ program }) => program === 'go')
    .map(({ args }) => args[0]!);

describe('a checkout that was moved', () => {
  test('is as fresh as before; its outputs come back without a build', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    const right = readFileSync(tree.path(tree.published('a')));
    const there = tree.path('../moved/elsewhere');
    execFileSync('mkdir', [tree.path('../moved')]);
    renameSync(tree.dir, there);
    const moved = await tree.build(['-C', there, 'all'], { cwd: '..' });
    expectDone(moved);
    expect(byStatus(moved)).toEqual({ fresh: ['a', 'b'] });
    expect(goBuilds(moved.calls)).toEqual([]);
    expect(readlinkSync(`${there}/_output/bin`)).toBe(`${there}/_output/local/bin/${host}`);
    rmSync(`${there}/_output`, { recursive: true });
    const again = await tree.build(['-C', there, 'all'], { cwd: '..' });
    expect(byStatus(again)).toEqual({ restored: ['a', 'b'] });
    expect(goBuilds(again.calls)).toEqual([]);
    expect(readFileSync(`${there}/${tree.published('a')}`).equals(right)).toBe(true);
  });

  test('a copy of it, with all its outputs, is fresh', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    execFileSync('cp', ['-a', tree.dir, tree.path('../copy')]);
    tree.write({
      'cmd/b/b.go': 'package main\n\nfunc main() { println("first") }\n',
      '../copy/cmd/b/b.go': 'package main\n\nfunc main() { println("other") }\n',
    });
    expectDone(await tree.slipway(['all']));
    expectDone(await tree.slipway(['-C', '../copy', 'all']));
    expect([
      tree.output('_output/local/bin/' + host + '/b'),
      tree.output(`../copy/_output/local/bin/${host}/b`),
    ]).toEqual(['first', 'other']);
  });
});

describe('two worktrees of one repository', () => {
  test('a second checkout restores the builds of the first one, with the same bytes', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    expectDone(await tree.build());
    tree.git('worktree', 'add', '--quiet', '-b', 'other', '../tree2');
    const second = await tree.build(['-C', '../tree2', 'all']);
    expectDone(second);
    expect(byStatus(second)).toEqual({ restored: ['a', 'b'] });
    expect(goBuilds(second.calls)).toEqual([]);
    for (const name of ['a', 'b']) {
      const [one, two] = [tree.published(name), `../tree2/${tree.published(name)}`].map((path) =>
        readFileSync(tree.path(path)),
      );
      expect(one!.equals(two!), name).toBe(true);
    }
    // One does not see changes in the other.
    tree.write({ '../tree2/cmd/b/b.go': 'package main\n\nfunc main() { println("other") }\n' });
    expectDone(await tree.slipway(['-C', '../tree2', 'all']));
    expect((await tree.slipway(['all'])).stdout).toMatch('nothing changed');
    expect(tree.output('_output/bin/b')).toBe('hello from b');
  });

  test("a second checkout uses Go's answers about packages in the first one, and does not ask Go", async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    const questions = [
      ['query', '//...'],
      ['why', 'pkg/version'],
      ['graph', 'inputs'],
      ['affected', 'tests', '--base', 'HEAD'],
    ];
    const asked = async (dir: string): Promise<{ lists: number; said: string[] }> => {
      const said: string[] = [];
      tree.calls();
      for (const question of questions) {
        const ended = await tree.slipway(['-C', dir, ...question]);
        expectDone(ended);
        said.push(ended.stdout);
      }
      return { lists: goCalls(tree).filter((word) => word === 'list').length, said };
    };
    const first = await asked('.');
    expect(first.lists).toBeGreaterThan(0);
    tree.git('worktree', 'add', '--quiet', '-b', 'other', '../tree2');
    expect(await asked('../tree2')).toEqual({ lists: 0, said: first.said });
  });

  test('at the same moment: each command is built once, and both are right', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    tree.git('worktree', 'add', '--quiet', '-b', 'other', '../tree2');
    for (let round = 0; round < 3; round++) {
      const words = `package words\n\n// Greet says who is there.\nfunc Greet(name string) string { return "round ${round} of ${tree.base} from " + name }\n`;
      for (const dir of ['.', '../tree2']) tree.write({ [`${dir}/staging/src/plain.example/words/words.go`]: words });
      tree.calls();
      const both = await Promise.all(['.', '../tree2'].map((dir) => tree.slipway(['-C', dir, 'all'])));
      both.forEach(expectDone);
      const handed = goBuilds(tree.calls()).flatMap(({ args }) => args.filter((word) => word.includes('/cmd/')));
      expect(handed.toSorted()).toEqual(['plain.example/plain/cmd/a', 'plain.example/plain/cmd/b']);
      for (const dir of ['.', '../tree2'])
        expect(tree.output(`${dir}/_output/bin/b`)).toBe(`round ${round} of ${tree.base} from b`);
    }
    expect(JSON.parse((await tree.slipway(['cache', 'verify', '--json'])).stdout)).toMatchObject({ wrong: [] });
  });
});

describe('another branch and back', () => {
  const other =
    'package main\n\nimport "plain.example/words"\n\nfunc main() { println(words.Greet("other b"), len(words.Greet(""))) }\n';

  async function twoBranches(): Promise<WatchedRepo> {
    const tree = new WatchedRepo('plain').init('v1.2.3');
    tree.git('checkout', '--quiet', '-b', 'other');
    tree.write({ 'cmd/b/b.go': other, 'pkg/version/more.go': 'package version\n' }).commit('other');
    tree.git('checkout', '--quiet', 'main');
    expectDone(await tree.build());
    return tree;
  }

  test('without a build there: Go is not asked', async () => {
    await using tree = await twoBranches();
    for (const branch of ['other', 'main']) tree.git('checkout', '--quiet', branch);
    const back = await tree.build();
    expectDone(back);
    expect(byStatus(back)).toEqual({ fresh: ['a', 'b'] });
    expect(back.calls.filter(({ program }) => program === 'go')).toEqual([]);
  });

  test('with a build there: everything comes back, each time', async () => {
    await using tree = await twoBranches();
    tree.git('checkout', '--quiet', 'other');
    expect(byStatus(await tree.build())).toEqual({ ran: ['a', 'b'] });
    for (const [branch, says] of [
      ['main', 'hello from b'],
      ['other', 'hello from other b 11'],
      ['main', 'hello from b'],
    ] as const) {
      tree.git('checkout', '--quiet', branch);
      const back = await tree.build();
      expectDone(back);
      expect(byStatus(back)).toEqual({ restored: ['a', 'b'] });
      expect(goBuilds(back.calls)).toEqual([]);
      expect(tree.output('_output/bin/b')).toBe(says);
      expect((await tree.slipway(['all'])).stdout).toMatch('nothing changed');
    }
  });

  test('all outputs deleted: they come back without Go', async () => {
    await using tree = await twoBranches();
    const right = readFileSync(tree.path(tree.published('a')));
    for (const what of ['_output/local/bin', '_output/local/go']) {
      rmSync(tree.path(what), { recursive: true });
      expectDone(await tree.slipway(['all']));
      expect(goCalls(tree)).toEqual([]);
      expect(readFileSync(tree.path(tree.published('a'))).equals(right), what).toBe(true);
    }
  });
});
