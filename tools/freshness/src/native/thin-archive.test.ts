import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { thinMembers } from './thin-archive.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-thin-')));
afterAll(() => rmSync(base, { recursive: true }));

/** `ar` accepts objects with any content. */
const shell = (lines: string): Buffer => execFileSync('sh', ['-ec', lines], { cwd: base });

const hasAr = ((): boolean => {
  try {
    return shell('ar --version').includes('GNU ar');
  } catch {
    return false;
  }
})();

const withAr = { skip: !hasAr, meta: { why: 'there is no ar of GNU' } };

test('the members of a thin archive are listed in all places, with those of nested archives', withAr, () => {
  shell(`mkdir obj lib "a directory"; for f in a b; do echo $f >obj/$f.o; done; echo c >"a directory/c with a long name.o"
    ar rcTD lib/thin.a obj/a.o obj/b.o "a directory/c with a long name.o"
    ar rcD lib/fat.a obj/a.o
    ar rcTD lib/outer.a lib/fat.a`);
  expect(thinMembers(join(base, 'lib/thin.a'))).toEqual(
    ['obj/a.o', 'obj/b.o', 'a directory/c with a long name.o'].map((name) => join(base, name)),
  );
  expect(new Set(thinMembers(join(base, 'lib/outer.a')))).toEqual(new Set([join(base, 'lib/fat.a')]));
});

test('a normal archive, another file and a missing file have no external members', withAr, () => {
  shell('echo x >one.o; ar rcD whole.a one.o');
  for (const name of ['whole.a', 'one.o', 'absent.a']) expect(thinMembers(join(base, name))).toEqual([]);
});

test('reading a damaged archive ends', () => {
  writeFileSync(join(base, 'broken.a'), `!<thin>\n${'x'.repeat(200)}`);
  writeFileSync(join(base, 'short.a'), '!<thin>\n//');
  expect(thinMembers(join(base, 'broken.a'))).toEqual([]);
  expect(thinMembers(join(base, 'short.a'))).toEqual([]);
});
