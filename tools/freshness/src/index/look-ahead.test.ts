import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pause, sha256, Trial } from './fixtures/trial.ts';
import { readIndexFile } from './index-file.ts';
import { lookAhead } from './look-ahead.ts';
import { openIndex } from './open-index.ts';
import type { Look } from './port.ts';
import { seal } from './fixtures/seal.ts';

/** Enough rows to start a thread, in two directories. */
const names = Array.from({ length: 2400 }, (_, number) => `${number % 2 === 0 ? 'even' : 'odd'}/${number}`);
const filled = (): Trial => {
  const trial = new Trial(Object.fromEntries(names.map((name) => [name, `text of ${name}`])));
  trial.session(names);
  return trial;
};
/** By then the thread has looked at everything, or on a busy machine at a part. */
const LOOKED = 400;

const told = ({ kind, digest, notRacy, stat }: Look): unknown => [
  [kind, digest, notRacy],
  stat && [stat.dev, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs],
];

describe('an index that is looked at ahead', () => {
  it('gives the same answers as a direct look', () => {
    using trial = filled();
    for (const name of names.slice(100)) utimesSync(trial.path(name), 5, 5);
    trial.write(names[1]!, 'TEXT of odd/1');
    rmSync(trial.path(names[2]!));
    mkdirSync(trial.path(names[2]!));
    rmSync(trial.path(names[3]!));
    rmSync(trial.path(names[4]!));
    symlinkSync(names[1]!, trial.path(names[4]!));
    renameSync(trial.path(names[5]!), trial.path(names[6]!));
    trial.write('new', 'new');
    pause(LOOKED);
    const asked = [...names, 'new', 'even', 'odd'].map((name) => trial.path(name));
    const index = trial.open();
    const alone = openIndex(`${trial.dir}/alone`, { root: trial.root, seal });
    for (const path of asked.slice(100, 200)) index.look(path);
    pause(LOOKED);
    for (const path of asked) expect(told(index.look(path)), path).toEqual(told(alone.look(path)));
    expect(index.reads).toBeGreaterThanOrEqual(names.length - 100);
    expect(index.newContent()).toEqual([names[1]!, names[6]!, 'new'].map((name) => trial.path(name)));
    expect(index.save()).toEqual({ saved: true });
    expect(trial.session([...names, 'new']).reads).toBe(0);
  });

  it("uses the thread's looks: stats that prove the content, and files that had to be read", ({ skip }) => {
    using trial = filled();
    for (const name of names.filter((one) => one.startsWith('odd'))) utimesSync(trial.path(name), 5, 5);
    const { find, table } = readIndexFile(trial.index, seal);
    const ahead = lookAhead(table, `${trial.root}/`);
    if (ahead === undefined) return skip('one processor');
    const seen = { even: 0, odd: 0 };
    for (const name of names.toReversed()) {
      if (seen.even > 0 && seen.odd > 0) break;
      pause();
      const look = ahead.take(find(name)!);
      if (look === undefined) continue;
      const dir = name.startsWith('odd') ? 'odd' : 'even';
      expect(look.read, name).toBe(dir === 'odd');
      expect(look.stat.mtimeMs === 5000, name).toBe(dir === 'odd');
      expect(ahead.take(find(name)!)).toBeUndefined();
      seen[dir]++;
    }
    ahead.stop();
    expect(Math.min(seen.even, seen.odd)).toBeGreaterThan(0);
  });

  it("ignores the thread's looks after somebody wrote", () => {
    using trial = filled();
    for (const name of names) utimesSync(trial.path(name), 5, 5);
    const index = trial.open();
    for (const name of names.slice(100, 200)) index.digest(trial.path(name));
    pause(LOOKED);
    index.digest(trial.path(names[0]!));
    trial.write(names[10]!, 'other');
    trial.write(names[11]!, 'other');
    index.forget([trial.path(names[10]!)]);
    expect(index.digest(trial.path(names[10]!))).toBe(sha256('other'));
    expect(index.digest(trial.path(names[11]!))).toBe(sha256('other'));
    expect(index.digest(trial.path(names[12]!))).toBe(sha256(`text of ${names[12]}`));
  });
});
