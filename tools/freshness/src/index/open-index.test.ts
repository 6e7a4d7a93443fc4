import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readContents } from './content.ts';
import { setTime } from '../files/set-time.ts';
import { pause, sha256, Trial } from './fixtures/trial.ts';
import { openIndex } from './open-index.ts';
import { seal } from './fixtures/seal.ts';

describe('an index', () => {
  it('reads only changed files', () => {
    using trial = new Trial({ a: 'one', b: 'two', 'd/c': 'three' });
    const names = ['a', 'b', 'd/c', 'none'];
    expect(trial.session(names)).toEqual({
      digests: [sha256('one'), sha256('two'), sha256('three'), 'absent'],
      reads: 3,
    });
    expect(trial.session(names).reads).toBe(0);
    trial.write('b', 'TWO');
    utimesSync(trial.path('a'), 5, 5);
    pause();
    expect(trial.session(names)).toEqual({
      digests: [sha256('one'), sha256('TWO'), sha256('three'), 'absent'],
      reads: 2,
    });
    expect(trial.session(names).reads).toBe(0);
  });

  it('reads large files on another thread on request, with the same answers', async () => {
    const large = 'x'.repeat(9 << 20);
    using trial = new Trial({ large, small: 'small', 'd/c': '' });
    const index = trial.open();
    const told = await Promise.all(['large', 'small', 'd', 'none'].map((name) => index.digestAside(trial.path(name))));
    expect(told).toEqual([sha256(large), sha256('small'), 'directory', 'absent']);
    expect(index.newContent()).toEqual([trial.path('small'), trial.path('large')].toSorted());
    expect(index.save()).toEqual({ saved: true });
    expect(trial.session(['large', 'small'])).toEqual({ digests: [sha256(large), sha256('small')], reads: 0 });
  });

  it('lists the files with new content until it is saved, without files that were only touched', () => {
    using trial = new Trial({ a: 'one', b: 'two', c: 'three' });
    const ask = () => {
      const index = trial.open();
      for (const name of ['a', 'b', 'c', 'none']) index.digest(trial.path(name));
      index.names(trial.root);
      index.save();
      expect(index.paths()).toEqual([...['a', 'b', 'c', 'none'].map((name) => trial.path(name)), trial.root]);
      return index.newContent();
    };
    expect(ask()).toEqual(['a', 'b', 'c'].map((name) => trial.path(name)));
    expect(ask()).toEqual([]);
    trial.write('a', 'ONE');
    trial.write('b', 'two');
    expect(ask()).toEqual([trial.path('a')]);
  });

  it('has one view of the tree, lists changes since then, and looks again on request', () => {
    using trial = new Trial({ a: 'one', b: 'two', c: 'three' });
    const index = trial.open();
    for (const name of ['a', 'b', 'c', 'none']) index.digest(trial.path(name));
    index.names(trial.root);
    expect(index.changed()).toEqual([]);
    trial.write('a', 'ONE');
    rmSync(trial.path('b'));
    trial.write('none', '');
    expect(index.digest(trial.path('a'))).toBe(sha256('one'));
    expect(index.changed()).toEqual(
      ['a', 'b', 'none', ''].map((name) => (name === '' ? trial.root : trial.path(name))),
    );
    expect(index.changed([trial.path('c')])).toEqual([]);
    index.forget([trial.path('a')]);
    expect(index.digest(trial.path('a'))).toBe(sha256('ONE'));
    const { reads } = index;
    index.forget();
    expect(index.digest(trial.path('c'))).toBe(sha256('three'));
    expect(index.reads).toBe(reads);
  });

  it("trusts a file's content after its times were set, but not after a write", () => {
    using trial = new Trial({ set: 'one', written: 'one', replaced: 'one', longer: 'one' });
    const index = trial.open();
    const names = ['set', 'written', 'replaced', 'longer'];
    for (const name of names) index.digest(trial.path(name));
    const { reads } = index;
    trial.write('replaced.new', 'two');
    renameSync(trial.path('replaced.new'), trial.path('replaced'));
    appendFileSync(trial.path('longer'), 'r');
    pause();
    const now = new Date();
    for (const name of ['set', 'replaced', 'longer']) utimesSync(trial.path(name), now, now);
    trial.write('written', 'two');
    const digests = names.map((name) => {
      index.forgetWritten(trial.path(name));
      return index.digest(trial.path(name));
    });
    expect(digests).toEqual(['one', 'two', 'two', 'oner'].map(sha256));
    expect(index.reads).toBe(reads + 3);
    index.save();
    expect(trial.open().digest(trial.path('set'))).toBe(sha256('one'));
  });

  it('knows placed files without reading them, also after a link, and reads them after another write', () => {
    using trial = new Trial();
    const place = (name: string): string => {
      const path = trial.write(`${name}.new`, 'one');
      const time = setTime(Date.now()) / 1000;
      utimesSync(path, time, time);
      renameSync(path, trial.path(name));
      return trial.path(name);
    };
    const index = trial.open();
    const note = (path: string) => index.notePlaced(path, { digest: sha256('one'), size: 3 });
    const [left, linked, written, later, replaced] = ['left', 'linked', 'written', 'later', 'replaced'].map(place);
    writeFileSync(written!, 'two');
    for (const path of [left!, linked!, written!, later!, replaced!]) note(path);
    linkSync(linked!, trial.path('link'));
    index.noteLinked(linked!);
    trial.write('other', 'two');
    utimesSync(trial.path('other'), 5, 5);
    renameSync(trial.path('other'), replaced!);
    index.noteLinked(replaced!);
    const digests = () => [left!, linked!, written!, replaced!].map((path) => index.digest(path));
    expect(digests()).toEqual(['one', 'one', 'two', 'two'].map(sha256));
    expect(index.reads).toBe(2);
    expect(index.save()).toEqual({ saved: true });
    // In the same clock tick as the placing. The clock never gives the time that placing sets.
    writeFileSync(later!, 'two');
    const again = trial.open();
    expect([left!, linked!, later!].map((path) => again.digest(path))).toEqual(['one', 'one', 'two'].map(sha256));
    expect(again.reads).toBe(1);
  });

  it('keeps the header while the content stays, also after a touch', () => {
    using trial = new Trial({ 'a.go': 'package a\n\nimport "b"\n\nvar x = 1\n', 'go.mod': 'module a\n' });
    const ask = (name: string) => {
      const index = trial.open();
      const header = index.header(trial.path(name));
      index.save();
      return { header, reads: index.reads };
    };
    const { header } = ask('a.go');
    expect(ask('a.go')).toEqual({ header, reads: 0 });
    utimesSync(trial.path('a.go'), 5, 5);
    pause();
    expect([ask('a.go'), ask('a.go')]).toEqual([
      { header, reads: 1 },
      { header, reads: 0 },
    ]);
    trial.write('a.go', 'package a\n\nimport "b"\n\nvar x = 2\n');
    expect(ask('a.go').header).toBe(header);
    trial.write('a.go', 'package a\n\nimport "c"\n\nvar x = 2\n');
    expect(ask('a.go').header).not.toBe(header);
    expect(ask('go.mod').header).toBe(sha256('module a\n'));
    expect([ask('none').header, ask('').header]).toEqual(['absent', 'directory']);
  });

  it("the digest of a directory's names changes with its entries, but not with the content of subdirectories", () => {
    using trial = new Trial({ 'd/a': 'one', 'd/b': 'two' });
    const dir = trial.path('d');
    const names = () => trial.open().names(dir);
    const before = names();
    trial.write('d/a', 'three');
    expect(names()).toBe(before);
    trial.write('d/c', '');
    expect(names()).not.toBe(before);
    rmSync(join(dir, 'c'));
    expect(names()).toBe(before);
    rmSync(join(dir, 'a'));
    mkdirSync(join(dir, 'a'));
    expect(names()).not.toBe(before);
    expect([trial.open().names(join(dir, 'b')), trial.open().names(join(dir, 'none'))]).toEqual(['file', 'absent']);
  });

  it('remembers directories like files', () => {
    using trial = new Trial({ 'd/a': 'one' });
    const look = () => {
      const index = trial.open();
      const names = index.names(trial.path('d'));
      index.save();
      return [names, index.reads];
    };
    const [names] = look();
    expect(look()).toEqual([names, 0]);
    renameSync(trial.path('d/a'), trial.path('d/b'));
    expect(look()).toEqual([expect.not.stringMatching(String(names)), 1]);
  });

  it('handles names that are not UTF-8', () => {
    using trial = new Trial();
    const write = (byte: number) =>
      writeFileSync(Buffer.concat([Buffer.from(`${trial.root}/x`), Buffer.from([byte])]), '');
    write(0xfe);
    const one = trial.open().names(trial.root);
    rmSync(trial.root, { recursive: true });
    mkdirSync(trial.root);
    write(0xff);
    expect(trial.open().names(trial.root)).not.toBe(one);
  });

  it('forgets unused paths after some time, and also knows paths outside its root', () => {
    using trial = new Trial({ a: 'one', b: 'two' });
    const outside = join(trial.dir, 'outside');
    writeFileSync(outside, 'three');
    pause();
    const index = trial.open();
    for (const path of [trial.path('a'), outside]) index.digest(path);
    index.save();
    const again = trial.open();
    expect([again.digest(outside), again.reads]).toEqual([sha256('three'), 0]);
    for (let round = 0; round < 52; round++) {
      truncateSync(trial.path('b'), round);
      trial.session(['b']);
    }
    expect(trial.session(['a']).reads).toBe(1);
  });

  it('reports that it could not be saved, and leaves no incomplete file', () => {
    using trial = new Trial({ a: 'one', 'state/index/in-the-way': '' });
    const index = openIndex(trial.path('state/index'), { root: trial.root, seal });
    index.digest(trial.path('a'));
    expect(index.save()).toMatchObject({ saved: false });
    expect(readdirSync(trial.path('state')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('contents', () => {
  it('have correct digests around every buffer size', () => {
    using trial = new Trial();
    const mega = 1 << 20;
    for (const size of [0, 1, mega - 1, mega, mega + 1, 8 * mega - 1, 8 * mega, 8 * mega + 1, 17 * mega]) {
      const bytes = Buffer.alloc(size, 'slipway ');
      writeFileSync(trial.path('a'), bytes);
      for (const guess of [size, 0, 9 * mega])
        expect(readContents(trial.path('a'), guess)?.digest, `${size} ${guess}`).toBe(sha256(bytes));
    }
  });
});
