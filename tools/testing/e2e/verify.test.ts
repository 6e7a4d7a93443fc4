import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '@slipway/facts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checked, CheckedRepo, bash, scriptsOnly } from '../src/checked-repo.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';

/** One script for each kind of thing that scripts read. */
const scripts = {
  'hack/verify-file.sh': bash('for f in data/*.txt; do grep -q good "$f" || { echo "$f is bad"; exit 1; }; done'),
  'hack/verify-absent.sh': bash('[ ! -e place/maybe ] || { echo "ERROR: maybe is there"; exit 1; }'),
  'hack/verify-listing.sh': bash('! ls list | grep -q bad'),
  'hack/verify-program.sh': bash('helper | grep -q good'),
  'hack/verify-variable.sh': bash('[ "$USER" != bad ]'),
  'hack/verify-go.sh': bash('go vet . && go version | grep -q go1'),
  'hack/verify-sourced.sh': bash('source "$(dirname "$0")/lib/own.sh"; own'),
  'hack/lib/own.sh': 'own() { [ -e go.mod ]; }\n',
  'hack/verify-python.py': 'import os\nassert "bad" not in open("data/for-python").read()\n',
};
const files = {
  ...scripts,
  'data/a.txt': 'good\n',
  'data/for-python': 'good\n',
  'list/a': '',
  'place/other': '',
  'a.go': 'package c\n',
};
const names = Object.keys(scripts)
  .flatMap((path) => /verify-(\w+)/.exec(path)?.[1] ?? [])
  .sort();

describe(
  'scripts that verify run again when an input changed, and only then',
  unless(whyWithout('strace', 'python3')),
  () => {
    let tree: CheckedRepo;
    let env: Record<string, string>;
    let first: Checked;
    const helper = (word: string): void =>
      writeFileSync(join(tree.base, 'programs/helper'), `#!/bin/sh\necho ${word}\n`, { mode: 0o755 });
    const check = (more: Record<string, string> = {}) => tree.check(['verify'], { env: { ...env, ...more } });

    beforeAll(async () => {
      tree = new CheckedRepo(files);
      mkdirSync(join(tree.base, 'programs'));
      env = { PATH: `${tree.base}/programs:${tree.env['PATH']}`, USER: 'nobody' };
      helper('good');
      first = await check();
    });
    afterAll(async () => tree[Symbol.asyncDispose]());

    test('all run at first, and all results are kept', () => {
      expect({ ran: first.ran, notKept: first.notKept, exit: first.exit }, JSON.stringify(first.checks)).toEqual({
        ...{ ran: names, notKept: {}, exit: 0 },
      });
    });

    test('nothing changed: nothing runs, and one line reports that', async () => {
      const ended = await tree.slipway(['verify'], { env });
      expectDone(ended);
      expect(ended.stdout).toBe('slipway verify (profile dev): nothing changed, 8 checks passed before\n');
      expect((await check()).ran).toEqual([]);
    });

    const write = (path: string, text: string | undefined) => () => void tree.write({ [path]: text });
    const edits: Record<string, { edit: () => void; undo: () => void; name: string; why: string }> = {
      'a file': {
        edit: write('data/a.txt', 'bad\n'),
        undo: write('data/a.txt', 'good\n'),
        name: 'file',
        why: 'data/a.txt changed',
      },
      'a file that comes into a listed directory': {
        edit: write('data/b.txt', 'bad\n'),
        undo: write('data/b.txt', undefined),
        name: 'file',
        why: 'what is in data changed',
      },
      'a file where nothing was': {
        edit: write('place/maybe', ''),
        undo: write('place/maybe', undefined),
        name: 'absent',
        why: 'place/maybe changed',
      },
      'a name in a directory': {
        edit: write('list/bad', ''),
        undo: write('list/bad', undefined),
        name: 'listing',
        why: 'what is in list changed',
      },
      'a program on PATH': {
        edit: () => helper('bad'),
        undo: () => helper('good'),
        name: 'program',
        why: '/programs/helper changed',
      },
      'a source Go reads': {
        edit: write('a.go', 'package c\n\nvar x int = ""\n'),
        undo: write('a.go', 'package c\n'),
        name: 'go',
        why: 'a.go changed',
      },
      'a sourced script': {
        edit: write('hack/lib/own.sh', 'own() { false; }\n'),
        undo: write('hack/lib/own.sh', 'own() { [ -e go.mod ]; }\n'),
        name: 'sourced',
        why: 'hack/lib/own.sh changed',
      },
      'a file Python reads': {
        edit: write('data/for-python', 'bad\n'),
        undo: write('data/for-python', 'good\n'),
        name: 'python',
        why: 'data/for-python changed',
      },
    };

    test.each(Object.entries(edits))(
      '%s: it fails, and without the edit it passes from the record',
      async (_, { edit, undo, name, why }) => {
        try {
          edit();
          const bad = await check();
          expect({ failed: bad.failed, ran: bad.ran, exit: bad.exit }, JSON.stringify(bad.checks)).toEqual({
            ...{ failed: [name], ran: [], exit: 4 },
          });
          const { stdout } = await tree.slipway(['verify', '-n'], { env });
          expect(stdout).toMatch(new RegExp(`^known +${name}: .*${why}`, 'm'));
          const asked = await tree.slipway(['why', `verify-${name}`], { env });
          expect(asked.stdout).toMatch(new RegExp(`^verify-${name} runs: .*${why}`));
        } finally {
          undo();
        }
        const good = await check();
        expect({ failed: good.failed, ran: good.ran }, JSON.stringify(good.checks)).toEqual({ failed: [], ran: [] });
      },
    );

    test('a variable: any variable of the plan may decide, so all run; the other value is also recorded', async () => {
      const bad = await check({ USER: 'bad' });
      expect({ failed: bad.failed, others: bad.ran.length }).toEqual({
        failed: ['variable'],
        others: names.length - 1,
      });
      expect((await check()).ran).toEqual([]);
    });

    test('another checkout, in another directory, runs nothing', async () => {
      tree.git('clone', '--quiet', '.', '../another checkout'.replace(' ', '-'));
      const { ran, failed, stdout } = await tree.check(['verify'], { env, cwd: '../another-checkout' });
      expect({ ran, failed }, stdout).toEqual({ ran: [], failed: [] });
    });
  },
);

describe('results that are not kept, and the notes about them', () => {
  test(
    'a script that uses the network is named; a reason in slipway.config.ts keeps it',
    unless(whyWithout('strace')),
    async () => {
      await using tree = new CheckedRepo({
        'hack/verify-net.sh': bash('(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null || true'),
      });
      expect((await tree.check()).notKept).toEqual({
        net: expect.stringContaining('it used the network (127.0.0.1)') as string,
      });
      expect((await tree.check()).ran).toEqual(['net']);
      tree.write({ 'slipway.config.ts': scriptsOnly("keptOnline: { net: 'nobody answers' }") });
      expect((await tree.check()).ran).toEqual(['net']);
      expect((await tree.check()).ran).toEqual([]);
    },
  );

  test('a check that exceeds its budget fails, with both figures', async () => {
    await using tree = new CheckedRepo({
      'hack/verify-slow.sh': bash('sleep 0.5'),
      'slipway.config.ts': scriptsOnly('budget: { slow: 0.1 }'),
    });
    expectFailure(await tree.slipway(['verify']), 'CHECK_TOO_SLOW', {
      says: /verify-slow took \d+\.\d s; its budget is 0.1 s/,
    });
  });

  test('all run despite failures, each failure has its remedy, and JUnit has all of them', async () => {
    await using tree = new CheckedRepo({
      'hack/verify-a.sh': bash('echo "a is <bad>"; exit 3'),
      'hack/verify-b.sh': bash('echo b is well'),
      'hack/verify-c.sh': bash('exit 1'),
      'hack/update-a.sh': bash('true'),
    });
    const ended = await tree.slipway(['verify', 'ARTIFACTS=reports']);
    expect(ended.exit).toBe(4);
    expect(ended.stdout).toContain('failed    verify a\na is <bad>\n');
    expect(ended.stderr).toMatch(
      /verify-a ended with 3 \[CHECK_FAILED\]\n +hint: slipway update WHAT=a\n[^]*verify-c ended with 1/,
    );
    expect((await tree.slipway(['verify', 'SILENT=true'])).stdout).not.toContain('a is <bad>');
    expect((await tree.slipway(['verify', 'SILENT=false', 'WHAT=b', '-B'])).stdout).toContain('b is well');
    const report = tree.read('reports/junit_verify.xml');
    expect(report).toMatch(/<testsuite tests="3" failures="2"[^>]* name="verify"/);
    expect(report).toContain('a is &lt;bad&gt;');
  });

  test('a report or a trace that was asked for is written although nothing changed', async () => {
    await using tree = new CheckedRepo({ 'hack/verify-a.sh': bash('true') });
    const words = ['verify', `ARTIFACTS=${tree.path('../reports')}`, '--trace', tree.path('../trace.json')];
    for (const _time of ['first', 'second', 'third']) {
      expect((await tree.slipway(words)).exit).toBe(0);
      for (const name of ['reports/junit_verify.xml', 'trace.json']) {
        expect(existsSync(tree.path(`../${name}`)), name).toBe(true);
        rmSync(tree.path(`../${name}`));
      }
    }
  });

  test('a word that names no script is an error with the nearest one', async () => {
    await using tree = new CheckedRepo({ 'hack/verify-boilerplate.sh': bash('true') });
    expectFailure(await tree.slipway(['verify', 'WHAT=boilerplat']), 'BAD_VALUE', {
      hint: 'did you mean boilerplate?',
    });
    expectFailure(await tree.slipway(['update']), 'UNSUPPORTED_TREE', { says: 'has no script hack/update-NAME' });
  });

  test('without strace a script runs when any file of the tree changed, and the run says so', async () => {
    await using tree = new CheckedRepo({ 'hack/verify-a.sh': bash('cat a.txt'), 'a.txt': 'a\n', 'other.txt': 'a\n' });
    // The programs that the run needs, without strace.
    const programs = [
      'git',
      'bash',
      'sh',
      'cat',
      'env',
      'go',
      'mkfifo',
      'grep',
      'sleep',
      'unshare',
      'mount',
      'mkdir',
      'head',
      'kill',
      'true',
      'find',
    ];
    mkdirSync(join(tree.base, 'programs'));
    for (const name of programs) {
      const found = findProgram(name, tree.env);
      if (found !== undefined) symlinkSync(found, join(tree.base, 'programs', name));
    }
    const env = { PATH: `${dirname(findProgram('go', tree.env)!)}/none:${tree.base}/programs` };
    const first = await tree.slipway(['verify'], { env });
    expect(first.stdout).toMatch(/^note +observing: strace cannot be run here: a script runs again when any file/m);
    expect((await tree.check(['verify'], { env })).ran).toEqual([]);
    tree.write({ 'other.txt': 'b\n' });
    expect((await tree.check(['verify'], { env })).ran).toEqual(['a']);
  });
});

test(
  '--affected runs the checks whose inputs changed since --base, and those without known inputs',
  unless(whyWithout('strace')),
  async () => {
    await using tree = new CheckedRepo({
      'hack/verify-a.sh': bash('cat a.txt >/dev/null'),
      'hack/verify-list.sh': bash('ls dir >/dev/null'),
      'hack/verify-bad.sh': bash('cat a.txt b.txt; exit 1'),
      ...{ 'a.txt': 'a\n', 'b.txt': 'b\n', 'dir/c': '' },
    });
    const affected = async (): Promise<string[]> =>
      Object.keys((await tree.check(['verify', '--affected', '--base', 'v1.0.0'])).checks).sort();
    await tree.check();
    expect(await affected()).toEqual(['bad']);
    tree.write({ 'b.txt': 'other\n' });
    expect(await affected()).toEqual(['bad']);
    tree.write({ 'dir/d': '' });
    expect(await affected()).toEqual(['bad', 'list']);
    tree.write({ 'dir/d': undefined, 'a.txt': 'other\n' });
    tree.git('commit', '--quiet', '-am', 'a');
    expect(await affected()).toEqual(['a', 'bad']);
    const shown = await tree.slipway(['verify', '-n', '--affected', '--base', 'v1.0.0']);
    expect(shown.stdout).toContain('note      verify list: it reads nothing that changed since v1.0.0\n');
  },
);

describe('a script and the tree', () => {
  test('one that verifies and writes leaves the tree as it was', async () => {
    await using tree = new CheckedRepo({
      'hack/verify-w.sh': bash('echo dirty >a.txt; rm -r dir; echo x >new; git add -A; cat a.txt'),
      'a.txt': 'a\n',
      'dir/b': '',
    });
    expect((await tree.check()).checks['w']).toMatchObject({ is: 'ran', output: 'dirty\n' });
    expect(tree.git('status', '--porcelain')).toBe('');
  });

  test('update puts what scripts wrote and removed into the tree, in their order, and is done when they change nothing', async () => {
    await using tree = new CheckedRepo({
      'hack/update-1.sh': bash('echo one >made; chmod +x run; rm old; ln -sf made link'),
      'hack/update-2.sh': bash('cat made made >twice'),
      ...{ run: 'x\n', old: 'x\n' },
    });
    const first = await tree.check(['update']);
    expect({ ran: first.ran, out: first.checks['1']?.output }, first.stderr).toEqual({
      ran: ['1', '2'],
      out: 'wrote link\nwrote made\nremoved old\nwrote run\n',
    });
    expect(tree.git('status', '--porcelain').split('\n').sort()).toEqual([
      ' D old',
      ' M run',
      '?? link',
      '?? made',
      '?? twice',
    ]);
    expect(readFileSync(tree.path('twice'), 'utf8')).toBe('one\none\n');
    tree.write({ 'hack/update-1.sh': bash('echo one >made; ln -sf made link') });
    expect((await tree.check(['update'])).ran).toEqual(['1', '2']);
    expect((await tree.check(['update'])).ran).toEqual([]);
    tree.write({ twice: 'by hand\n' });
    expect((await tree.check(['update'])).ran).toEqual(['2']);
    expect(tree.read('twice')).toBe('one\none\n');
  });

  test('no output of a failed update reaches the tree, and later updates run only with FORCE_ALL=true', async () => {
    await using tree = new CheckedRepo({
      'hack/update-1.sh': bash('echo half >made; exit 1'),
      'hack/update-2.sh': bash('echo two >second'),
    });
    expectFailure(await tree.slipway(['update']), 'CHECK_FAILED', { says: 'update-1 ended with 1' });
    expect(tree.git('status', '--porcelain')).toBe('');
    expect((await tree.slipway(['update', 'FORCE_ALL=true'])).exit).toBe(4);
    expect(tree.git('status', '--porcelain')).toBe('?? second');
  });
});
