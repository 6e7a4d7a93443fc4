import { expect, test } from 'vitest';
import { type Entry, differences } from './entry.ts';
import { parseFound } from './list-container.ts';

const file = (more: Partial<Entry> = {}): Entry => ({ kind: 'file', mode: 0o644, size: 1, modified: 5000, ...more });
const directory: Entry = { kind: 'directory', mode: 0o755, size: 0, modified: 0 };
const link = (target: string): Entry => ({ kind: 'link', mode: 0, size: 0, modified: 0, target });

test.each<[string, Entry, Entry, boolean]>([
  ['nothing', file(), file(), true],
  ['less than a file system may keep', file({ modified: 5000.4 }), file(), true],
  ['its size', file({ size: 2 }), file(), false],
  ['its time', file({ modified: 6000 }), file(), false],
  ['its mode', file({ mode: 0o755 }), file(), false],
  ['what cannot be set back', file({ stamp: '1 2' }), file({ stamp: '1 3' }), false],
  ['where it leads', link('a'), link('b'), false],
  ['its kind', directory, file(), false],
])('a file with another %s is sent again', (_what, here, there, same) => {
  const { send } = differences(new Map([['a', here]]), new Map([['a', there]]));
  expect(send).toEqual(same ? [] : ['a']);
});

test('a missing file is removed once, and a file that became another kind is removed before it is sent', () => {
  const here = new Map([
    ['kept', directory],
    ['was-directory', file()],
  ]);
  const there = new Map([
    ['kept', directory],
    ['gone', directory],
    ['gone/a', file()],
    ['gone/b/c', file()],
    ['was-directory', directory],
    ['was-directory/d', file()],
  ]);
  expect(differences(here, there)).toEqual({ send: ['was-directory'], remove: ['was-directory', 'gone'] });
});

test('the output of find is parsed, with any name', () => {
  const text = ['a b\nc', 'f', '755', '3', '1.5000000000', '', 'l', 'l', '777', '1', '2.0', 'a b\nc', ''].join('\0');
  expect([...parseFound(text)]).toEqual([
    ['a b\nc', { kind: 'file', mode: 0o755, size: 3, modified: 1500 }],
    ['l', { kind: 'link', mode: 0, size: 0, modified: 0, target: 'a b\nc' }],
  ]);
});
