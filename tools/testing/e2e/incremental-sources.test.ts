import { cpSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { WatchedRepo, byStatus, goBuilds } from '../src/watched-repo.ts';

const WORDS = 'staging/src/plain.example/words/words.go';
const words = (greeting: string): string =>
  `package words\n\n// Greet says who is there.\nfunc Greet(name string) string { return "${greeting} from " + name }\n`;

async function build(tree: WatchedRepo): Promise<WatchedRepo> {
  expectDone(await tree.slipway(['all']));
  return tree;
}

const said = (tree: WatchedRepo): string => tree.output('_output/bin/b');

describe('an edit that times and sizes do not show', () => {
  test('of the same size, in the moment in which the run ends', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    for (const greeting of ['aaaa0', 'aaaa1', 'aaaa2', 'aaaa0', 'aaaa3', 'aaaa1', 'aaaa2', 'aaaa4']) {
      writeFileSync(tree.path(WORDS), words(greeting));
      await build(tree);
      expect(said(tree)).toBe(`${greeting} from b`);
    }
  });

  test('of the same size, the time set back, in place and by another file', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    tree.write({ [WORDS]: words('first') });
    utimesSync(tree.path(WORDS), 1_000_000_000, 1_000_000_000);
    await build(tree);
    const before = statSync(tree.path(WORDS));
    writeFileSync(tree.path(WORDS), words('again'));
    utimesSync(tree.path(WORDS), before.atime, before.mtime);
    await build(tree);
    expect(said(tree)).toBe('again from b');
    writeFileSync(tree.path('aside'), words('third'));
    utimesSync(tree.path('aside'), before.atime, before.mtime);
    renameSync(tree.path('aside'), tree.path(WORDS));
    await build(tree);
    expect(said(tree)).toBe('third from b');
    expect(statSync(tree.path(WORDS))).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs });
  });

  test('by exchanging two files', async () => {
    await using tree = new WatchedRepo('plain').init('v1.2.3');
    const [one, two] = [tree.path('cmd/b/one.go'), tree.path('cmd/b/two.go')];
    writeFileSync(one, 'package main\n\nfunc init() { print("one ") }\n');
    writeFileSync(two, 'package main\n\nfunc init() { print("two ") }\n');
    await build(tree);
    expect(said(tree)).toBe('one two hello from b');
    for (const [from, to] of [
      [one, `${one}.x`],
      [two, one],
      [`${one}.x`, two],
    ] as const)
      renameSync(from, to);
    await build(tree);
    expect(said(tree)).toBe('two one hello from b');
  });
});

/** Edits of the tree while a run goes on, each with its reversal. */
const meanwhile: Readonly<
  Record<
    string,
    { readonly edit: (tree: WatchedRepo) => void; readonly undo: (tree: WatchedRepo) => void; readonly says: string }
  >
> = {
  'a file edited': {
    edit: (tree) => tree.write({ [WORDS]: words('hallo') }),
    undo: (tree) => tree.write({ [WORDS]: words('hello') }),
    says: 'hallo from b',
  },
  'a file added': {
    edit: (tree) => tree.write({ 'cmd/b/more.go': 'package main\n\nfunc init() { print("more ") }\n' }),
    undo: (tree) => tree.write({ 'cmd/b/more.go': undefined }),
    says: 'more hello from b',
  },
  'a constraint removed': {
    edit: (tree) => tree.write({ 'cmd/b/maybe.go': 'package main\n\nfunc init() { print("maybe ") }\n' }),
    undo: (tree) =>
      tree.write({ 'cmd/b/maybe.go': '//go:build ignore\n\npackage main\n\nfunc init() { print("maybe ") }\n' }),
    says: 'maybe hello from b',
  },
  'a file removed': {
    edit: (tree) => tree.write({ 'cmd/b/gone.go': undefined }),
    undo: (tree) => tree.write({ 'cmd/b/gone.go': 'package main\n\nfunc init() { print("") }\n' }),
    says: 'hello from b',
  },
};

describe('an edit during a run is in the next run, and is not kept under the wrong key', () => {
  const cases = Object.keys(meanwhile);

  /** From either state, a run makes the tree's outputs with the present store. */
  async function expectRight(tree: WatchedRepo, name: string): Promise<void> {
    const { edit, undo, says } = meanwhile[name]!;
    await build(tree);
    expect(said(tree), 'after the run that followed').toBe(says);
    for (const [change, expected] of [
      [undo, 'hello from b'],
      [edit, says],
    ] as const) {
      change(tree);
      await build(tree);
      expect(said(tree)).toBe(expected);
    }
    rmSync(tree.path('_output'), { recursive: true });
    undo(tree);
    await build(tree);
    expect(said(tree), 'from the store').toBe('hello from b');
  }

  const moments = ['before build', 'after list'] as const;

  // Not while Go compiles: Go's own cache then stores the new content under the old key, and a plain go build is wrong,
  // too.
  test.for(cases.flatMap((name) => moments.map((moment) => [name, moment] as const)))(
    '%s %s',
    async ([name, moment]) => {
      await using tree = new WatchedRepo('plain').init('v1.2.3');
      tree.write({ [WORDS]: words('hello') });
      const { edit, undo } = meanwhile[name]!;
      undo(tree);
      await build(tree);
      rmSync(tree.path('_output'), { recursive: true });
      rmSync(tree.store, { recursive: true });
      tree.once(moment, aside(tree, edit, undo));
      await tree.slipway(['all']);
      await expectRight(tree, name);
    },
  );

  /** A shell line that makes the edit later. */
  function aside(tree: WatchedRepo, edit: (tree: WatchedRepo) => void, undo: (tree: WatchedRepo) => void): string {
    const dirs = ['cmd/b', dirname(WORDS)];
    edit(tree);
    for (const dir of dirs) cpSync(tree.path(dir), tree.path('../edited', dir), { recursive: true });
    undo(tree);
    // Unchanged files are not touched, and changed files keep their place.
    const lines = dirs.flatMap((dir) => [
      `cd '${tree.path('../edited', dir)}'`,
      `for name in *; do cmp -s $name '${tree.path(dir)}'/$name || cp $name '${tree.path(dir)}'; done`,
      `cd '${tree.path(dir)}'`,
      `for name in *; do [ -e '${tree.path('../edited', dir)}'/$name ] || rm $name; done`,
    ]);
    return lines.join('\n');
  }
});

test('only importers of the edited file go to Go; results that Go makes unchanged stay untouched', async () => {
  await using tree = new WatchedRepo('plain').init('v1.2.3');
  expectDone(await tree.build());
  const stamp = statSync(tree.path(tree.published('a'))).ctimeMs;
  tree.write({
    'pkg/version/version.go': `${tree.read('pkg/version/version.go')}// A comment at the end moves nothing.\n`,
  });
  const commented = await tree.build();
  expect(byStatus(commented)).toEqual({ ran: ['a'], fresh: ['b'] });
  expect(goBuilds(commented.calls).map(({ args }) => args.filter((word) => word.includes('/cmd/')))).toEqual([
    ['plain.example/plain/cmd/a'],
  ]);
  expect([...commented.statuses.values()].find(({ is }) => is === 'ran')!.why).toBe(
    'pkg/version/version.go changed; Go made the same bytes',
  );
  expect(statSync(tree.path(tree.published('a'))).ctimeMs).toBe(stamp);
});
