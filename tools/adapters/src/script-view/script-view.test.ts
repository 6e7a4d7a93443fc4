import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realCommandRunner } from '../process/real.ts';
import { realScriptViews } from './real.ts';
import type { ViewKind, ViewReads, Written } from './port.ts';

const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
const views = realScriptViews(realCommandRunner());
const strace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
const why = strace ? {} : { why: 'strace cannot be run' };

/** A tree, and scripts that run in views of it. */
class Viewed implements Disposable {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-view-')));
  readonly root = join(this.base, 'tree');
  readonly scratch = join(this.base, 'scratch');

  constructor() {
    for (const dir of [this.root, this.scratch, join(this.root, '_output')]) mkdirSync(dir);
    this.write({ 'a.txt': 'a\n', 'dir/b.txt': 'b\n', '_output/old': 'old\n' });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  get places() {
    return { root: this.root, scratch: this.scratch, environment: { PATH, LC_ALL: 'C' } };
  }

  async run(
    text: string,
    how: {
      readonly view: ViewKind;
      readonly traces?: boolean;
      readonly lists?: boolean;
      readonly signal?: AbortSignal;
    },
  ) {
    const request = { ...this.places, traces: false, lists: true, output: join(this.root, '_output'), ...how };
    await using view = await views.open(request);
    const { argv, cwd, env } = view.call(['sh', '-c', text], this.root);
    const result = await realCommandRunner({ killAfter: 500 }).run({
      ...{ argv, cwd, env: { ...request.environment, ...env } },
      ...(how.signal === undefined ? {} : { signal: how.signal }),
    });
    const written: readonly Written[] = request.lists ? await view.written() : [];
    const texts = written.map(({ path, from, link }) => [path, link ?? (from && readFileSync(from, 'utf8'))]);
    return {
      ...result,
      reads: await view.read(),
      written: Object.fromEntries(texts) as Record<string, string | undefined>,
    };
  }

  /** The mounts and files that are left. */
  get left() {
    const mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes(this.base));
    const files = spawnSync('find', ['.', '-type', 'f'], { cwd: this.root, encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .sort();
    return { mounts, files, scratch: existsSync(this.scratch) ? readdirSync(this.scratch) : [] };
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

using first = new Viewed();
const here = await views.abilities(first.places);
const kinds = (here.view === 'overlay' ? ['overlay', 'copy'] : ['copy']) as readonly ViewKind[];

const untouched = { mounts: [], files: ['./_output/old', './a.txt', './dir/b.txt'], scratch: [] };

/** The paths below the tree that were read. */
function readOf({ observed }: ViewReads, { root }: Viewed) {
  if ('unknown' in observed) return observed;
  const inside = (paths: readonly string[]): string[] =>
    paths.flatMap((path) => (path.startsWith(`${root}/`) ? [path.slice(root.length + 1)] : [])).sort();
  return { files: inside(observed.files), listings: inside(observed.listings) };
}

describe.each(kinds)('a view that is a %s', (view) => {
  test('a script sees the tree, an empty output, and its own writes; the tree does not change', async () => {
    using tree = new Viewed();
    const script =
      'cat a.txt; ls _output; echo new >a.txt; rm -r dir; mkdir dir; echo c >dir/c.txt; ln -s c.txt dir/d; echo x >_output/x; cat a.txt';
    const { output, exit, written } = await tree.run(script, { view });
    expect({ output, exit }).toEqual({ output: 'a\nnew\n', exit: 0 });
    expect(written).toEqual({ 'a.txt': 'new\n', 'dir/b.txt': undefined, 'dir/c.txt': 'c\n', 'dir/d': 'c.txt' });
    expect(tree.left).toEqual(untouched);
  });

  test('a file that a script writes again with the same bytes does not count as written', async () => {
    using tree = new Viewed();
    expect((await tree.run('echo a >a.txt; chmod +x dir/b.txt', { view })).written).toEqual({ 'dir/b.txt': 'b\n' });
  });

  test('two scripts that write the same file do not see each other', async () => {
    using tree = new Viewed();
    const scripts = ['one', 'two'].map((word) => `echo ${word} >a.txt; sleep 0.3; cat a.txt`);
    const ended = await Promise.all(scripts.map((script) => tree.run(script, { view })));
    expect(ended.map(({ output }) => output)).toEqual(['one\n', 'two\n']);
    expect(tree.left).toEqual(untouched);
  });

  test('the exit code is that of the script, also if it was killed', async () => {
    using tree = new Viewed();
    expect((await tree.run('exit 3', { view })).exit).toBe(3);
    expect((await tree.run('kill -9 $$', { view })).exit).toBe(137);
  });

  test('a program that a script leaves running is named and ended', async () => {
    using tree = new Viewed();
    const started = performance.now();
    const { reads, exit } = await tree.run('sleep 120 & setsid sleep 121 >/dev/null 2>&1 &', { view });
    expect(exit).toBe(0);
    expect(reads.observed).toEqual({ unknown: 'it left the program sleep running, which was ended' });
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(spawnSync('pgrep', ['-f', `^sleep 12[01]$`], { encoding: 'utf8' }).stdout).toBe('');
    expect(tree.left).toEqual(untouched);
  });

  test('a script that is stopped leaves no mount, no file and no process, even if it ignores signals', async () => {
    using tree = new Viewed();
    const stop = new AbortController();
    const running = tree.run("trap '' TERM INT; echo x >a.txt; while :; do sleep 0.1; done", {
      view,
      signal: stop.signal,
    });
    setTimeout(() => stop.abort('SIGINT'), 700);
    await expect(running).rejects.toThrow('INTERRUPTED');
    expect(tree.left).toEqual(untouched);
    expect(spawnSync('pgrep', ['-f', tree.base], { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe('the reads of a script', { skip: !strace, meta: why }, () => {
  const view = here.view;

  test.each(kinds)('include files, directories, missing files, programs, and targets of links (%s)', async (kind) => {
    using tree = new Viewed();
    tree.write({ 'bin/own': '#!/bin/sh\ncat "$1"\n', 'bin/c.txt': 'c\n' });
    spawnSync('chmod', ['+x', join(tree.root, 'bin/own')]);
    symlinkSync('a.txt', join(tree.root, 'link'));
    const { reads } = await tree.run('bin/own link; ls dir >/dev/null; [ -e gone ] || true', {
      view: kind,
      traces: true,
    });
    expect(readOf(reads, tree)).toEqual({ files: ['a.txt', 'bin/own', 'dir', 'gone', 'link'], listings: ['dir'] });
    expect(JSON.stringify(reads.observed)).toContain('/bin/cat"');
  });

  test('files that a script made and the output are not inputs, and a file that was missing when the script looked for it is one', async () => {
    using tree = new Viewed();
    const script =
      '[ -e seen ] || mkdir seen; echo x >seen/x; echo y >made; cat made seen/x; cat _output/none; cat "$TMPDIR"/n; :';
    const { reads } = await tree.run(script, { view, traces: true, lists: false });
    expect(readOf(reads, tree)).toEqual({ files: ['seen'], listings: [] });
    const updating = await tree.run('echo y >made', { view, traces: true });
    expect(readOf(updating.reads, tree)).toEqual({ files: ['made'], listings: [] });
  });

  test('a file that the script may not read is an input, as it may be readable later', async () => {
    using tree = new Viewed();
    tree.write({ 'dir/secret': 'later\n' });
    chmodSync(join(tree.root, 'dir/secret'), 0);
    const asNobody = process.getuid?.() === 0 ? 'setpriv --reuid=65534 --regid=65534 --clear-groups' : '';
    const { reads } = await tree.run(`${asNobody} cat '${tree.root}/dir/secret' || :`, { view, traces: true });
    expect(readOf(reads, tree)).toEqual({ files: ['dir/secret'], listings: [] });
  });

  test('a machine that a script contacts is reported, and a service that the script started is not', async () => {
    using tree = new Viewed();
    const asks = (address: string): string =>
      `const s = require('node:net').connect(9, '${address}'); s.on('error', () => process.exit()); setTimeout(() => process.exit(), 50)`;
    const serves =
      "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => require('node:net').connect(s.address().port, '127.0.0.1', () => process.exit()))";
    const asked = async (code: string) =>
      (await tree.run(`'${process.execPath}' -e "${code.replaceAll('"', '')}"`, { view, traces: true })).reads.asked;
    expect(await asked(asks('192.0.2.1'))).toEqual(['192.0.2.1']);
    expect(await asked(asks('127.0.0.1'))).toEqual(['127.0.0.1']);
    expect(await asked(serves)).toEqual([]);
  });
});

test('a full disk ends a script, and the tree does not change', async () => {
  using tree = new Viewed();
  const { exit, output } = await tree.run('cat a.txt >/dev/full', { view: kinds[0]! });
  expect({ exit, output }).toMatchObject({ exit: 1, output: expect.stringMatching(/[Nn]o space left/) as string });
  expect(tree.left).toEqual(untouched);
});
