import { expect, test } from 'vitest';
import { formatLabel, parseLabel } from './label.ts';

test.each([
  ['//cmd/kubectl', '//cmd/kubectl'],
  ['//cmd/kubectl:kubectl', '//cmd/kubectl'],
  ['//cmd/kubectl:all', '//cmd/kubectl'],
  ['//cmd/...', '//cmd/...'],
  ['//cmd/...:all-targets', '//cmd/...'],
  ['//...', '//...'],
  ['//', '//'],
  ['//test/e2e:e2e.test', '//test/e2e:e2e.test'],
])('%s is %s', (text, meant) => {
  const parsed = parseLabel(text);
  expect(parsed.ok && formatLabel(parsed.label)).toBe(meant);
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
