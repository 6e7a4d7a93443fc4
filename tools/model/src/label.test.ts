import { expect, test } from 'vitest';
import { parseLabel } from './label.ts';

test.each([
  ['//cmd/kubectl', 'cmd/kubectl', 'package'],
  ['//cmd/kubectl:kubectl', 'cmd/kubectl', 'package'],
  ['//cmd/kubectl:all', 'cmd/kubectl', 'package'],
  ['//cmd/...', 'cmd', 'below'],
  ['//cmd/...:all-targets', 'cmd', 'below'],
  ['//...', '', 'below'],
  ['//', '', 'package'],
  ['//test/e2e:e2e.test', 'test/e2e', 'test'],
])('%s is %s and means the %s', (text, path, names) => {
  expect(parseLabel(text)).toEqual({ ok: true, label: { path, names } });
});

test.each([
  ['cmd/kubectl', 0],
  ['//cmd//kubectl', 6],
  ['//cmd/', 5],
  ['//cmd/../x', 5],
  ['//cmd/.../x', 6],
  ['//cmd/kubectl:other', 14],
  ['//cmd/...:kubectl', 10],
])('%s is wrong at %i', (text, at) => {
  expect(parseLabel(text)).toMatchObject({ ok: false, at });
});
