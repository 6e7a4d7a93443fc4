import type { ShippedEntry, SourceMember } from '@slipway/model';
import { expect, test } from 'vitest';
import { refusedMembers } from './refused-members.ts';

const file = (path: string): SourceMember => ({ path, executable: false });

test.each<[SourceMember[], string[]]>([
  [[file('a'), { path: 'vendor/x', link: '../staging/x' }, { path: 'l', link: 'nowhere' }], []],
  [[file('a'), { path: 'etc', link: '/etc' }], ['x.tar.gz: etc: it links to an absolute path']],
  [[{ path: 'a/up', link: '../../b' }], ['x.tar.gz: a/up: it links out of the archive']],
  [[{ path: 'a/up', link: '../b/../c' }], []],
  [[file('README'), file('Readme')], ['x.tar.gz: Readme: it is the same file as "README"']],
])('of a commit with %j', (source, said) => {
  const notes = refusedMembers([{ name: 'x.tar.gz', entries: 'commit' }], source);
  expect(notes.map(({ what, why }) => `${what}: ${why}`)).toEqual(
    said.map((start) => expect.stringMatching(new RegExp(`^${start}.*; release verify refuses the archive for it$`))),
  );
});

test('a tree with more members than readers accept gets a note', () => {
  const source = Array.from({ length: 50_001 }, (_, i) => file(`f${i}`));
  const [note] = refusedMembers([{ name: 'x.tar.gz', entries: 'commit' }], source);
  expect(note?.why).toBe('it has more than 50000 members; release verify refuses the archive for it');
});

test("paths of members begin at the tarball's root", () => {
  const entries: ShippedEntry[] = [
    { path: 'mono', directory: true },
    { path: 'mono/up', link: '../mono/there' },
  ];
  expect(refusedMembers([{ name: 'x.tar.gz', entries }], [{ path: 'up', link: '../out' }])).toEqual([]);
});
