import { expect, test } from 'vitest';
import { publicAddress } from './published-source.ts';

test.each([
  ['https://user:secret@code.example/a/b.git', 'https://code.example/a/b.git'],
  ['https://token@code.example:8443/a/?private_token=x#y', 'https://code.example:8443/a'],
  ['git@code.example:a/b.git', 'ssh://code.example/a/b.git'],
  ['ssh://git:pw@code.example:29418/a', 'ssh://code.example:29418/a'],
  ['code.example:a', 'ssh://code.example/a'],
  ['/srv/a.git', undefined],
  ['file:///srv/a', undefined],
  ['../a', undefined],
  ['C:\\a', undefined],
  ['ext::sh -c x', undefined],
])('%s is told as %s', (origin, told) => {
  expect(publicAddress(origin)).toBe(told);
});
