import { expect, test } from 'vitest';
import { packageWord } from './package-word.ts';

const places = { root: '/src/tree', cwd: '/src/tree/cmd' };

test.each([
  ['//pkg/x', '/src/tree/pkg/x', '/src/tree/pkg/x'],
  ['//pkg/x:x', '/src/tree/pkg/x', '/src/tree/pkg/x'],
  ['//', '/src/tree', '/src/tree'],
  ['@dep.example/y', '/src/tree/cmd/dep.example/y', 'dep.example/y'],
  ['../pkg/x/x.go', '/src/tree/pkg/x/x.go', '../pkg/x/x.go'],
  ['dep.example/y', '/src/tree/cmd/dep.example/y', 'dep.example/y'],
])('%s is looked for at %s, and as %s', (word, path, name) => {
  expect(packageWord(word, places)).toEqual({ path, name });
});

test.each(['//pkg/...', '//pkg/x:x.test', '//pkg//x', '//pkg/x:other'])(
  'slipway refuses %s, which is not a package',
  (word) => {
    expect(() => packageWord(word, places)).toThrow(/BAD_LABEL/);
  },
);
