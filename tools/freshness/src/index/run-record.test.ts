import {
  existsSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRunRecord, decodeRunRecord } from './check-run-record.ts';
import { pause, Trial } from './fixtures/trial.ts';
import { dropOldRecords, dropRunRecord, writeRunRecord } from './write-run-record.ts';

const FILES = { 'in/a': 'one', 'in/b': 'two', 'in/é\n': 'odd', out: 'binary', 'spare-a': 'ONE', 'spare-out': 'BINARY' };
/** Paths where a C compiler searches. None of them exists. */
const searched = Array.from({ length: 50 }, (_, at) => `headers/bits/${at}.h`);
const PAYLOAD = 'é\0"\n'.repeat(50);

class Run extends Trial {
  readonly record = join(this.dir, 'state/run');

  constructor() {
    super(FILES);
    for (const name of Object.keys(FILES)) utimesSync(this.path(name), 1000, 1000);
    symlinkSync('in', this.path('linked'));
    pause();
  }

  /** A run: looks at its inputs, works (`during`), writes the record. */
  finish(during: () => void = () => {}, byContent?: (path: string) => boolean) {
    const index = this.open();
    const inputs = ['in', 'in/a', 'in/b', 'in/é\n', 'linked/a', 'none', ...searched].map((name) => this.path(name));
    for (const path of inputs) index.look(path);
    during();
    const outputs = [this.path('out')];
    return writeRunRecord(this.record, { key: 'v1', payload: PAYLOAD, inputs, outputs, index, byContent });
  }

  check(key = 'v1') {
    return checkRunRecord(this.record, key);
  }
}

describe('the record of a run', () => {
  it('is removed if nobody wrote it for a month, under any name', () => {
    using run = new Run();
    run.finish();
    const directory = dirname(run.record);
    const old = Date.now() / 1000 - 31 * 24 * 3600;
    for (const name of ['0'.repeat(64), '01234567.clock']) {
      writeFileSync(join(directory, name), '');
      utimesSync(join(directory, name), old, old);
    }
    mkdirSync(join(directory, 'kept'));
    dropOldRecords(directory);
    expect(existsSync(join(directory, '0'.repeat(64)))).toBe(false);
    expect(existsSync(join(directory, '01234567.clock'))).toBe(false);
    expect(existsSync(join(directory, 'kept'))).toBe(true);
    expect(run.check().fresh).toBe(true);
  });

  it('is checked for its age once a day', () => {
    using run = new Run();
    run.finish();
    const directory = dirname(run.record);
    const ago = (days: number): number => Date.now() / 1000 - days * 24 * 3600;
    dropOldRecords(directory);
    const path = join(directory, '0'.repeat(64));
    writeFileSync(path, '');
    utimesSync(path, ago(31), ago(31));
    dropOldRecords(directory);
    expect(existsSync(path)).toBe(true);
    utimesSync(join(directory, 'looked'), ago(1.1), ago(1.1));
    dropOldRecords(directory);
    expect(existsSync(path)).toBe(false);
  });

  it('is valid while nothing changes', () => {
    using run = new Run();
    expect(run.finish()).toEqual({ written: true, suspects: 0 });
    for (let round = 0; round < 3; round++) expect(run.check()).toEqual({ fresh: true, payload: PAYLOAD, suspects: 0 });
  });

  it('has one row for all missing paths below one directory', () => {
    using run = new Run();
    run.finish();
    const paths = decodeRunRecord(readFileSync(run.record))?.paths ?? [];
    expect(paths.filter((path) => path.startsWith(run.path('headers')))).toEqual([run.path('headers')]);
  });

  const replace = (run: Run, by: string, name: string) => renameSync(run.path(by), run.path(name));
  const inPlace = (run: Run, name: string, text: string) => {
    writeFileSync(run.path(name), text);
    utimesSync(run.path(name), 1000, 1000);
  };
  it.each<[string, (run: Run) => void, RegExp]>([
    ['an input is edited', (run) => writeFileSync(run.path('in/b'), 'three'), /in\/b was changed/],
    ['an input is edited and given its old time', (run) => inPlace(run, 'in/b', 'TWO'), /in\/b was changed/],
    [
      'an input is replaced by one of equal size and time',
      (run) => replace(run, 'spare-a', 'in/a'),
      /changed or replaced/,
    ],
    ['an input is touched', (run) => utimesSync(run.path('in/a'), 1000, 1000), /in\/a was changed/],
    ['an input goes', (run) => rmSync(run.path('in/a')), /(in|in\/a) (was changed|is gone)/],
    ['something comes into a directory', (run) => writeFileSync(run.path('in/new'), ''), /in was changed/],
    ['a file is renamed', (run) => renameSync(run.path('in/a'), run.path('in/A')), /in was changed/],
    ['something comes where nothing was', (run) => writeFileSync(run.path('none'), ''), /none is new/],
    ['a directory comes where files were looked for', (run) => mkdirSync(run.path('headers')), /headers is new/],
    ['an output goes', (run) => rmSync(run.path('out')), /out is gone/],
    ['an output is truncated', (run) => truncateSync(run.path('out'), 3), /out was changed/],
    ['an output is touched', (run) => utimesSync(run.path('out'), 7, 7), /out was changed/],
    [
      'an output is replaced by one of equal size and time',
      (run) => replace(run, 'spare-out', 'out'),
      /out was changed or replaced/,
    ],
    ['a byte of an output is changed under its old time', (run) => inPlace(run, 'out', 'binarY'), /out was changed/],
    [
      'a linked directory leads elsewhere',
      (run) => {
        run.write('elsewhere/a', 'one');
        rmSync(run.path('linked'));
        symlinkSync('elsewhere', run.path('linked'));
      },
      /linked\/a was changed or replaced/,
    ],
  ])('is not believed when %s', (_, change, why) => {
    using run = new Run();
    run.finish();
    change(run);
    expect(run.check()).toEqual({ fresh: false, why: expect.stringMatching(why) });
  });

  it('is invalid after an input was edited during the run', () => {
    using run = new Run();
    run.finish(() => inPlace(run, 'in/a', 'ONE'));
    expect(run.check()).toMatchObject({ fresh: false });
  });

  const everything = (): boolean => true;

  it.each<[string, (run: Run) => void]>([
    ['an input is touched', (run) => utimesSync(run.path('in/a'), 7, 7)],
    ['all are touched', (run) => ['in', 'in/a', 'in/b', 'in/é\n'].forEach((name) => utimesSync(run.path(name), 7, 7))],
    ['an input is written again', (run) => writeFileSync(run.path('in/b'), 'two')],
    ['an input is replaced by its copy', (run) => (run.write('spare', 'one'), replace(run, 'spare', 'in/a'))],
    ['something came and went', (run) => (run.write('in/new', ''), rmSync(run.path('in/new')))],
  ])('is believed by content when %s, and by stats from then on', (_, change) => {
    using run = new Run();
    run.finish(undefined, everything);
    change(run);
    pause();
    const before = readFileSync(run.record);
    expect(run.check()).toEqual({ fresh: true, payload: PAYLOAD, suspects: 0 });
    const renewed = readFileSync(run.record);
    expect(renewed.equals(before)).toBe(false);
    expect(run.check()).toEqual({ fresh: true, payload: PAYLOAD, suspects: 0 });
    expect(readFileSync(run.record).equals(renewed)).toBe(true);
    inPlace(run, 'in/a', 'ONE');
    expect(run.check()).toMatchObject({ fresh: false });
  });

  it.each<[string, (run: Run) => void, RegExp]>([
    ['one of many is edited', (run) => (utimesSync(run.path('in/a'), 7, 7), inPlace(run, 'in/b', 'TWO')), /in\/b was/],
    ['an input grows', (run) => writeFileSync(run.path('in/b'), 'three'), /in\/b was changed or replaced/],
    ['an input goes', (run) => rmSync(run.path('in/a')), /in\/a is gone/],
    ['a directory is where a file was', (run) => (rmSync(run.path('in/a')), mkdirSync(run.path('in/a'))), /in\S* was/],
    ['a file is renamed', (run) => renameSync(run.path('in/a'), run.path('in/A')), /in\/a is gone/],
    ['something comes where nothing was', (run) => writeFileSync(run.path('none'), ''), /none is new/],
    ['an output is touched', (run) => utimesSync(run.path('out'), 7, 7), /out was changed or replaced/],
  ])('is not believed by content when %s', (_, change, why) => {
    using run = new Run();
    run.finish(undefined, everything);
    change(run);
    expect(run.check()).toEqual({ fresh: false, why: expect.stringMatching(why) });
  });

  it('is checked by content only for the selected files', () => {
    using run = new Run();
    run.finish(undefined, (path) => path.endsWith('/b'));
    utimesSync(run.path('in/b'), 7, 7);
    expect(run.check()).toMatchObject({ fresh: true });
    utimesSync(run.path('in/a'), 7, 7);
    expect(run.check()).toEqual({ fresh: false, why: expect.stringMatching(/in\/a was changed or replaced/) });
  });

  it('that was written again checks young inputs by content', () => {
    using run = new Run();
    for (let round = 0; round < 20; round++) {
      writeFileSync(run.path('in/a'), 'one');
      pause();
      run.finish(undefined, everything);
      utimesSync(run.path('in/a'), 7, 7);
      expect(run.check()).toMatchObject({ fresh: true });
      // In the same clock tick, if possible.
      inPlace(run, 'in/a', 'ONE');
      utimesSync(run.path('in/a'), 7, 7);
      expect(run.check()).toMatchObject({ fresh: false });
    }
  });

  it('checks inputs by content if they are too young for their stats to prove anything', () => {
    using run = new Run();
    for (let round = 0; round < 20; round++) {
      writeFileSync(run.path('in/a'), 'one');
      const written = run.finish();
      expect(run.check()).toMatchObject({ fresh: true, suspects: written.written ? written.suspects : -1 });
      writeFileSync(run.path('in/a'), 'one');
      run.finish(() => writeFileSync(run.path('in/a'), 'ONE'));
      expect(run.check()).toMatchObject({ fresh: false });
    }
  });

  it('waits until outputs are old enough instead of reading them', () => {
    using run = new Run();
    expect(run.finish(() => writeFileSync(run.path('out'), 'new'))).toEqual({ written: true, suspects: 0 });
    writeFileSync(run.path('out'), 'NEW');
    expect(run.check()).toMatchObject({ fresh: false });
  });

  it('reads outputs with a future time', () => {
    using run = new Run();
    const later = Date.now() / 1000 + 86_400;
    expect(run.finish(() => utimesSync(run.path('out'), later, later))).toEqual({ written: true, suspects: 1 });
    expect(run.check()).toMatchObject({ fresh: true, suspects: 1 });
  });

  it('is refused for another key, in another place, and after it was dropped', () => {
    using run = new Run();
    run.finish();
    expect(run.check('v2')).toEqual({ fresh: false, why: expect.stringContaining('something else') });
    const copy = join(run.dir, 'copy');
    copyFileSync(run.record, copy);
    expect(checkRunRecord(copy, 'v1')).toEqual({ fresh: false, why: expect.stringContaining(run.record) });
    dropRunRecord(run.record);
    expect(run.check()).toEqual({ fresh: false, why: expect.stringContaining('no record') });
  });

  it('is refused if any byte is wrong', () => {
    using run = new Run();
    run.finish();
    const whole = readFileSync(run.record);
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 << (at % 8);
      writeFileSync(run.record, at % 5 === 0 ? bytes.subarray(0, at) : bytes);
      expect(run.check(), String(at)).toMatchObject({ fresh: false });
    }
    writeFileSync(run.record, whole);
    expect(run.check()).toMatchObject({ fresh: true });
  });

  it('is not written if an output is missing, and the old one is removed', () => {
    using run = new Run();
    run.finish();
    expect(run.finish(() => rmSync(run.path('out')))).toMatchObject({ written: false });
    expect(run.check()).toMatchObject({ fresh: false, why: expect.stringContaining('no record') });
  });
});
