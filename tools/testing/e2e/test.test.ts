import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testTree, tested } from '../src/test-tree.ts';
import type { Built, WatchedRepo } from '../src/watched-repo.ts';
import type { RunOptions } from '../src/repo-rig.ts';

/** Names of the packages whose tests ran, by result. */
function ran({ statuses }: Built): { passed: string[]; failed: string[] } {
  const named = (wanted: string): string[] =>
    [...statuses].flatMap(([name, { is }]) => (is === wanted ? [name.slice(name.lastIndexOf('/') + 1)] : [])).sort();
  return { passed: named('ran'), failed: named('failed') };
}

const NONE = { passed: [], failed: [] };

describe('a package runs again when an input of its tests changed, and only then', () => {
  let tree: WatchedRepo;
  let first: Built;
  const run = (options?: RunOptions): Promise<Built> => tree.build(['test'], options);

  beforeAll(async () => {
    tree = testTree('a tree').init();
    symlinkSync('one', tree.path('linked/link'));
    chmodSync(tree.path('mode/run'), 0o755);
    first = await run();
    // Tests that run programs are traced from the second run on.
    await run();
  });
  afterAll(async () => tree[Symbol.asyncDispose]());

  test('all run at first', () => {
    expect({ ...ran(first), exit: first.exit }, first.stderr).toEqual({ passed: tested, failed: [], exit: 0 });
  });

  test('nothing changed: none runs, and Go is not started', async () => {
    const again = await run();
    expect(ran(again), again.stdout).toEqual(NONE);
    expect(again.calls.filter(({ program }) => program === 'go')).toEqual([]);
  });

  test('nothing changed: the second run only reads the record, and its reports are the same', async () => {
    const [reports, covered] = ['../reports', '../covered'];
    const args = ['test', 'WHAT=./data', 'KUBE_COVER=y', `KUBE_COVER_REPORT_DIR=${covered}`, `ARTIFACTS=${reports}`];
    const tell = async (...more: string[]): Promise<Record<string, string | string[]>> => {
      const { stdout } = await tree.slipway([...args, ...more]);
      const junit = readdirSync(tree.path(reports)).map((name) => tree.read(`${reports}/${name}`));
      const times = / timestamp="[^"]*"|(?<=name="slipway" )value="\w+"/g;
      const told = {
        junit: junit.map((text) => text.replaceAll(times, '')),
        profile: tree.read(`${covered}/combined-coverage.out`),
      };
      for (const made of [reports, covered]) rmSync(tree.path(made), { recursive: true });
      return { ...told, stdout };
    };
    const { stdout, ...reported } = await tell();
    expect({ stdout, ...reported }).toMatchObject({
      stdout: expect.stringContaining('done in'),
      junit: [expect.stringContaining('<testcase ')],
    });
    expect(await tell()).toEqual({ stdout: expect.stringContaining('nothing changed'), ...reported });
    const go = expect.stringMatching(/^ok  \tt\.example\/m\/data\t\(cached\)\tcoverage: .*\n$/);
    expect(await tell('--go-output')).toEqual({ ...reported, stdout: go });
    tree.write({ [reports]: '' });
    expect(await tree.slipway(args)).toMatchObject({ exit: 1, stderr: expect.stringContaining('[NOT_WRITABLE]') });
    rmSync(tree.path(reports));
  });

  const write = (path: string, text: string | undefined) => (): void => void tree.write({ [path]: text });
  const edits: Readonly<
    Record<string, { readonly edit: () => void; readonly undo: () => void; readonly runs: string }>
  > = {
    'a body of an imported package': {
      edit: write('lib/lib.go', 'package lib\n\nfunc Text() string { return "bad" }\n'),
      undo: write('lib/lib.go', 'package lib\n\nfunc Text() string { return "good" }\n'),
      runs: 'uses',
    },
    testdata: { edit: write('data/testdata/in', 'bad\n'), undo: write('data/testdata/in', 'good\n'), runs: 'data' },
    'an embedded file': {
      edit: write('embeds/files/one', 'bad\n'),
      undo: write('embeds/files/one', 'good\n'),
      runs: 'embeds',
    },
    'a listed directory': { edit: write('lists/dir/bad', ''), undo: write('lists/dir/bad', undefined), runs: 'lists' },
    'a file that appears': { edit: write('absent/maybe', ''), undo: write('absent/maybe', undefined), runs: 'absent' },
    'a file found by runtime.Caller': {
      edit: write('shared/in', 'bad\n'),
      undo: write('shared/in', 'good\n'),
      runs: 'caller',
    },
    'a file read in another directory': {
      edit: write('moves/sub/in', 'bad\n'),
      undo: write('moves/sub/in', 'good\n'),
      runs: 'moves',
    },
    'a file in HOME': { edit: write('../home/.conf', 'bad\n'), undo: write('../home/.conf', undefined), runs: 'home' },
    'the mode of a file': {
      edit: () => chmodSync(tree.path('mode/run'), 0o644),
      undo: () => chmodSync(tree.path('mode/run'), 0o755),
      runs: 'mode',
    },
    'where a link leads': {
      edit: () => (rmSync(tree.path('linked/link')), symlinkSync('two', tree.path('linked/link'))),
      undo: () => (rmSync(tree.path('linked/link')), symlinkSync('one', tree.path('linked/link'))),
      runs: 'linked',
    },
    'a file that a helper process reads': {
      edit: write('helper/testdata/in', 'bad\n'),
      undo: write('helper/testdata/in', 'good\n'),
      runs: 'helper',
    },
    'a file that TestMain reads': {
      edit: write('before/testdata/in', 'bad\n'),
      undo: write('before/testdata/in', 'good\n'),
      runs: 'before',
    },
    'a file that a variable is made of': {
      edit: write('initial/testdata/in', 'bad\n'),
      undo: write('initial/testdata/in', 'good\n'),
      runs: 'initial',
    },
  };

  test.for(Object.entries(edits))('%s', async ([, { edit, undo, runs }]) => {
    edit();
    const edited = await run();
    undo();
    expect(ran(edited), edited.stdout).toEqual({ passed: [], failed: [runs] });
    const back = await run();
    expect(ran(back), back.stdout).toEqual(NONE);
  });

  test('a variable', async () => {
    const other = await run({ env: { USER: 'bad' } });
    // A traced package may have read it.
    expect(ran(other).failed).toEqual(['variable']);
    expect(ran(other).passed, other.stdout).toEqual(['before', 'helper', 'initial']);
    expect(ran(await run())).toEqual(NONE);
  });

  test('another HOME has another file', async () => {
    const home = join(tree.base, 'home2');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '.conf'), 'bad');
    const other = await run({ env: { HOME: home } });
    expect(ran(other), other.stdout).toEqual({ passed: [], failed: ['home'] });
  });
});
