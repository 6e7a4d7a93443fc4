import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unless } from '@slipway/testing';
import { repositoryRoot } from '../lib/check.ts';

const build = join(repositoryRoot, 'build');

function run(script: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(build, script), ...words], { cwd: tmpdir(), encoding: 'utf8' });
}

test.each([
  ['run.ts', ['go', 'version'], 'plan run · containerized'],
  ['run.ts', ['make', 'cross', 'KUBE_BUILD_PLATFORMS=linux/amd64'], 'plan cross-in-a-container · containerized'],
  ['run.ts', ['make', 'release'], 'plan release-in-a-container · containerized'],
  ['run.ts', ['make', 'quick-release'], 'plan quick-release · containerized'],
  ['shell.ts', [], 'plan shell · containerized'],
  ['release.ts', ['KUBE_RELEASE_RUN_TESTS=n'], 'plan release · containerized'],
  ['make-clean.ts', [], 'plan make-clean · containerized'],
  ['copy-output.ts', [], 'plan copy-output · containerized'],
])('build/%s %j does the target of that name in this repository, from any directory', (script, words, plan) => {
  const { status, stdout, stderr } = run(script, '-n', ...words);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(plan);
});

test('build/run.ts passes the words of a command on unchanged', () => {
  expect(run('run.ts', '-n', 'echo', 'two  words', '$HOME').stdout).toContain("echo 'two  words' '$HOME'");
});

test('build/run.ts refuses a goal that is not made in the container', () => {
  const { status, stderr } = run('run.ts', '-n', 'make', 'all');
  expect(status).toBe(2);
  expect(stderr).toContain('error: there is no way to make all in the build container');
});

test('a script ends as slipway ends', () => {
  expect(run('release.ts', '-n', 'NO_SUCH_VARIABLE=1').status).toBe(2);
});

test('each script starts itself, and installs the packages first', () => {
  const place = mkdtempSync(join(tmpdir(), 'a place '));
  try {
    for (const name of ['build', 'hack']) mkdirSync(join(place, name));
    writeFileSync(join(place, 'hack/install.mjs'), 'console.log(JSON.stringify(process.argv.slice(2)));\n');
    for (const script of ['run.ts', 'shell.ts', 'release.ts', 'make-clean.ts', 'copy-output.ts']) {
      const path = join(place, 'build', script);
      copyFileSync(join(build, script), path);
      expect(JSON.parse(execFileSync(path, ['a  b', '$c'], { encoding: 'utf8' }))).toEqual([path, 'a  b', '$c']);
    }
  } finally {
    rmSync(place, { recursive: true });
  }
});

function whyNoDebian(): string | undefined {
  const system = spawnSync('sh', ['-c', '. /etc/os-release && echo "$ID $VERSION_ID"'], { encoding: 'utf8' });
  if (system.stdout.trim() !== 'debian 12') return 'versions of packages are those of Debian 12';
  const known = spawnSync('apt-cache', ['show', 'libc6-dev-s390x-cross']).status === 0;
  return known ? undefined : 'apt knows no packages here (apt-get update)';
}

describe('the build image', unless(whyNoDebian()), () => {
  test('has packages whose named versions are in Debian', () => {
    const lines = readFileSync(join(build, 'build-image/packages.txt'), 'utf8').split('\n');
    const packages = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const unpinned = packages.filter((line) => !line.includes('='));
    const shown = spawnSync('apt-get', ['--simulate', '--no-install-recommends', 'install', ...packages], {
      encoding: 'utf8',
    });
    expect(shown.stderr).not.toContain('E:');
    // Certificates have a date as their version, and the newest ones are wanted.
    expect(unpinned).toEqual(['ca-certificates']);
  });
});
