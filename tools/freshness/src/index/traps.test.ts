import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRunRecord } from './check-run-record.ts';
import { pause, sha256, Trial } from './fixtures/trial.ts';
import { openIndex } from './open-index.ts';
import { seal } from './fixtures/seal.ts';

const HOUR = 3_600_000;

describe('time', () => {
  it('detects a write of the same size within the tick of its look', () => {
    using trial = new Trial();
    const index = trial.open();
    for (let round = 0; round < 200; round++) {
      const path = trial.write('a', 'one');
      expect(index.digest(path)).toBe(sha256('one'));
      // Mostly in the same tick, so that inode, size and both times are equal.
      writeFileSync(path, 'two');
      index.forget([path]);
      expect(index.digest(path)).toBe(sha256('two'));
      index.forget([path]);
    }
  });

  it('trusts a stat once it is older than the look, and reads again until then', () => {
    using trial = new Trial();
    trial.write('a', 'one');
    const sameTick = trial.stoppedClock('a');
    for (let round = 0; round < 2; round++) expect(trial.session(['a'], trial.root, sameTick).reads).toBe(1);
    pause();
    expect(trial.session(['a']).reads).toBe(1);
    expect(trial.session(['a']).reads).toBe(0);
  });

  it('reads a file with a future time every time', () => {
    using trial = new Trial({ a: 'one' });
    const later = Date.now() / 1000 + 86_400;
    utimesSync(trial.path('a'), later, later);
    pause();
    for (let round = 0; round < 3; round++) expect(trial.session(['a']).reads).toBe(1);
    utimesSync(trial.path('a'), 1, 1);
    pause();
    trial.session(['a']);
    expect(trial.session(['a']).reads).toBe(0);
  });

  it('reads everything while the clock is set back, and trusts stats again after it is right', () => {
    using trial = new Trial({ a: 'one' });
    const look = (ms: number) => {
      const index = openIndex(trial.index, {
        root: trial.root,
        seal,
        clock: () => ({ dev: statSync(trial.root).dev, ms }),
      });
      index.digest(trial.path('a'));
      index.save();
      return index.reads;
    };
    expect([look(Date.now() - HOUR), look(Date.now() - HOUR), look(Date.now()), look(Date.now() - HOUR)]).toEqual([
      1, 1, 1, 0,
    ]);
  });

  it('trusts nothing without a clock, and little with a clock of another device', () => {
    using trial = new Trial({ a: 'one' });
    const reads = [
      undefined,
      undefined,
      { dev: -1, ms: Date.now() },
      { dev: -1, ms: Date.now() + HOUR },
      undefined,
    ].map((time) => {
      const index = openIndex(trial.index, { root: trial.root, seal, clock: () => time });
      index.digest(trial.path('a'));
      index.save();
      return index.reads;
    });
    expect(reads).toEqual([1, 1, 1, 1, 0]);
  });
});

describe('replacement', () => {
  it('detects another file of equal size and time', () => {
    using trial = new Trial({ a: 'one', b: 'two' });
    for (const name of ['a', 'b']) utimesSync(trial.path(name), 1000, 1000);
    pause();
    trial.session(['a']);
    renameSync(trial.path('b'), trial.path('a'));
    expect(trial.session(['a']).digests).toEqual([sha256('two')]);
  });

  it('detects an in-place write with the old time restored', () => {
    using trial = new Trial({ a: 'one' });
    utimesSync(trial.path('a'), 1000, 1000);
    pause();
    trial.session(['a']);
    writeFileSync(trial.path('a'), 'two');
    utimesSync(trial.path('a'), 1000, 1000);
    expect(trial.session(['a']).digests).toEqual([sha256('two')]);
  });

  it('detects a directory in place of a file, the reverse, and a removal', () => {
    using trial = new Trial({ a: 'one', 'b/c': 'two' });
    trial.session(['a', 'b', 'b/c']);
    rmSync(trial.path('a'));
    mkdirSync(trial.path('a'));
    rmSync(trial.path('b'), { recursive: true });
    trial.write('b', 'three');
    expect(trial.session(['a', 'b', 'b/c']).digests).toEqual(['directory', sha256('three'), 'absent']);
    rmSync(trial.path('b'));
    expect(trial.session(['b']).digests).toEqual(['absent']);
  });

  it('detects a rename that only changes case', () => {
    using trial = new Trial({ 'd/File.go': 'package a\n' });
    const before = trial.open();
    const names = before.names(trial.path('d'));
    before.digest(trial.path('d/File.go'));
    before.save();
    renameSync(trial.path('d/File.go'), trial.path('d/file.go'));
    const after = trial.open();
    expect(after.names(trial.path('d'))).not.toBe(names);
    expect(after.digest(trial.path('d/file.go'))).toBe(sha256('package a\n'));
  });
});

describe('links', () => {
  it('follows a link, and detects its new target with equal content', () => {
    using trial = new Trial({ one: '1', two: '2' });
    for (const name of ['one', 'two']) utimesSync(trial.path(name), 1000, 1000);
    symlinkSync('one', trial.path('link'));
    pause();
    expect(trial.session(['link']).digests).toEqual([sha256('1')]);
    const link = trial.open().link(trial.path('link'));
    const names = trial.open().names(trial.root);
    rmSync(trial.path('link'));
    symlinkSync('two', trial.path('link'));
    expect(trial.session(['link']).digests).toEqual([sha256('2')]);
    expect(trial.open().link(trial.path('link'))).not.toBe(link);
    expect(trial.open().names(trial.root)).not.toBe(names);
  });

  it('detects changes below a directory that a link leads to', () => {
    using trial = new Trial({ 'x/f': '1', 'y/f': '2' });
    for (const name of ['x/f', 'y/f']) utimesSync(trial.path(name), 1000, 1000);
    symlinkSync('x', trial.path('d'));
    pause();
    trial.session(['d/f']);
    rmSync(trial.path('d'));
    symlinkSync('y', trial.path('d'));
    expect(trial.session(['d/f']).digests).toEqual([sha256('2')]);
  });

  it('a dangling link is absent, and a circle of links equals nothing', () => {
    using trial = new Trial();
    symlinkSync('nowhere', trial.path('dangling'));
    symlinkSync('circle', trial.path('circle'));
    expect(trial.open().digest(trial.path('dangling'))).toBe('absent');
    expect(trial.open().digest(trial.path('circle'))).not.toBe(trial.open().digest(trial.path('circle')));
  });
});

describe('an unreadable path', () => {
  it('equals nothing', { skip: process.getuid?.() !== 0, meta: { why: 'becoming another user takes root' } }, () => {
    using trial = new Trial({ a: 'one' });
    chmodSync(trial.dir, 0o755);
    chmodSync(trial.path('a'), 0o600);
    const code = `import { openIndex } from ${JSON.stringify(join(import.meta.dirname, 'open-index.ts'))};
      const seal = { of: () => Buffer.alloc(32) };
      const look = () => openIndex('/nowhere/index', { root: '/', seal }).digest(${JSON.stringify(trial.path('a'))});
      console.log(JSON.stringify([look(), look()]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      uid: 65534,
      gid: 65534,
      encoding: 'utf8',
      cwd: '/',
    });
    const [one, two] = JSON.parse(stdout || JSON.stringify([stderr, stderr])) as [string, string];
    expect(one).toMatch(/^unknown:/);
    expect(two).not.toBe(one);
  });

  it('does not block', () => {
    using trial = new Trial();
    const made = spawnSync('mkfifo', [trial.path('pipe')]).status === 0;
    expect(made ? trial.open().digest(trial.path('pipe')) : 'unknown: there are no pipes here').toMatch(/^unknown:/);
  });
});

describe('trees', () => {
  it('knows a moved tree, and reads a copied one', () => {
    using trial = new Trial({ a: 'one', 'd/b': 'two' });
    trial.session(['a', 'd/b']);
    const moved = join(trial.dir, 'moved');
    renameSync(trial.root, moved);
    expect(trial.session(['a', 'd/b'], moved).reads).toBe(0);
    const copy = join(trial.dir, 'copy');
    cpSync(moved, copy, { recursive: true, preserveTimestamps: true });
    expect(trial.session(['a', 'd/b'], copy)).toEqual({ digests: [sha256('one'), sha256('two')], reads: 2 });
  });

  it('reads only files that git wrote when branches are switched back and forth, with the same digests at the end', () => {
    const names = Array.from({ length: 40 }, (_, number) => `f${number}`);
    using trial = new Trial(Object.fromEntries(names.map((name) => [name, `${name}\n`])));
    trial.git('init', '-q');
    trial.git('add', '.');
    trial.git('commit', '-qm', 'one');
    trial.git('checkout', '-qb', 'other');
    for (const name of names.slice(0, 3)) trial.write(name, `${name}!\n`);
    trial.git('commit', '-qam', 'two');
    pause();
    const other = trial.session(names);
    trial.git('checkout', '-q', 'main');
    pause();
    const there = trial.session(names);
    trial.git('checkout', '-q', 'other');
    pause();
    const back = trial.session(names);
    expect([there.reads, back.reads]).toEqual([3, 3]);
    expect(back.digests).toEqual(other.digests);
    expect(there.digests.filter((digest, at) => digest !== other.digests[at])).toHaveLength(3);
  });

  it('keeps two worktrees apart', () => {
    using trial = new Trial({ a: 'one' });
    trial.git('init', '-q');
    trial.git('add', '.');
    trial.git('commit', '-qm', 'one');
    const second = join(trial.dir, 'second');
    trial.git('worktree', 'add', '-q', second);
    const other = openIndex(join(trial.dir, 'state/second'), { root: second, seal });
    writeFileSync(join(second, 'a'), 'two');
    expect([trial.session(['a']).digests[0], other.digest(join(second, 'a'))]).toEqual([sha256('one'), sha256('two')]);
    other.save();
    expect(trial.session(['a'])).toEqual({ digests: [sha256('one')], reads: 0 });
  });
});

describe('the file of the index', () => {
  it('is invalid with a wrong, missing or extra byte', () => {
    const names = ['a', 'b.go', 'd/c'];
    using trial = new Trial({ a: 'one', 'b.go': 'package b\n', 'd/c': 'three' });
    const { digests } = trial.session(names);
    const whole = readFileSync(trial.index);
    let seed = 7;
    for (let round = 0; round < 200; round++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const bytes = Buffer.from(whole);
      const at = seed % bytes.length;
      bytes[at]! ^= 1 << ((seed >> 8) % 8);
      writeFileSync(trial.index, round % 10 === 0 ? bytes.subarray(0, at) : bytes);
      expect(trial.session(names)).toEqual({ digests, reads: names.length });
    }
    writeFileSync(trial.index, whole);
    expect(trial.session(names).reads).toBe(0);
    appendFileSync(trial.index, '\0');
    expect(trial.session(names).reads).toBe(names.length);
  });

  it('is complete, old or new, after its writer was killed', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `f${number}`);
    using trial = new Trial(Object.fromEntries(names.map((name) => [name, name])));
    const record = join(trial.dir, 'state/run');
    const digests = names.map((name) => sha256(name));
    let fresh = 0;
    for (let round = 0; round < 20; round++) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'fixtures/save-forever.ts'), trial.root, trial.index, record],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 60));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const check = checkRunRecord(record, 'k');
      if (check.fresh) fresh++;
      else expect(check.why).toMatch(/no record/);
      const seen = trial.open();
      expect(names.map((name) => seen.digest(trial.path(name)))).toEqual(digests);
      expect([0, names.length]).toContain(seen.reads);
    }
    expect(fresh).toBeGreaterThan(0);
  });
});
