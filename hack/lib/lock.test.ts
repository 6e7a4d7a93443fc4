import { expect, test } from 'vitest';
import { lock } from './lock.ts';
import { problemsOf } from './planted.ts';

const manifest = { name: 'x', devDependencies: { vitest: '5.1.1' } };
const packages = {
  '': manifest,
  'node_modules/vitest': { version: '5.1.1', integrity: 'sha512-x' },
  'node_modules/@slipway/a': { resolved: 'tools/a', link: true },
};

const problems = (root: object, locked: object): Promise<readonly string[]> =>
  problemsOf(lock, { 'package.json': JSON.stringify(root), 'package-lock.json': JSON.stringify({ packages: locked }) });

test('a lock file that fits has no problems', async () => {
  expect(await problems(manifest, packages)).toEqual([]);
});

test.each<[string, object, object, string]>([
  [
    'a range',
    { devDependencies: { vitest: '^5.1.1' } },
    { '': { devDependencies: { vitest: '^5.1.1' } } },
    'vitest ^5.1.1 is no exact version',
  ],
  [
    'a script at installation',
    { ...manifest, scripts: { postinstall: 'node x.js' } },
    packages,
    'script postinstall would run at installation',
  ],
  ['a stale lock file', { devDependencies: { vitest: '5.1.2' } }, packages, 'does not fit package.json'],
  [
    'a host',
    manifest,
    { ...packages, 'node_modules/a': { resolved: 'https://example.org/a.tgz', integrity: 'x' } },
    'node_modules/a is resolved to https://example.org/a.tgz',
  ],
  ['no integrity', manifest, { ...packages, 'node_modules/a': {} }, 'node_modules/a has no integrity'],
])('a planted violation is found: %s', async (_name, root, locked, expected) => {
  expect(await problems(root, locked)).toEqual([expect.stringContaining(expected)]);
});
