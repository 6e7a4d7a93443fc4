import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { expect, test } from 'vitest';
import { sealWith, sealed, unsealed } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { expectDone } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';

/** Root can make files with another owner. */
const asRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const OTHER_USER = 'only root can make files of another user';

test("compiled code is kept in the user's cache, which nobody else may read, and never below TMPDIR", async () => {
  await using repo = new Repo('plain').init('v1.2.3');
  const [temporary, caches] = [repo.path('../temporary'), repo.path('../caches')];
  mkdirSync(temporary);
  expectDone(
    await repo.slipway(['version'], {
      env: { TMPDIR: temporary, XDG_CACHE_HOME: caches, NODE_COMPILE_CACHE: undefined },
    }),
  );
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(`${caches}/slipway/node`)).not.toEqual([]);
  expect(statSync(`${caches}/slipway`).mode & 0o777).toBe(0o700);
});

test.for([
  { what: 'that another user owns', owner: NOBODY, mode: 0o755, says: 'user 65534 owns it' },
  { what: 'that others may write to', owner: 0, mode: 0o777, says: 'others may write to it' },
])('a cache $what is not used, and slipway prints that', async ({ owner, mode, says }, { skip }) => {
  if (!asRoot && owner !== 0) return skip(OTHER_USER);
  await using repo = new Repo('plain').init('v1.2.3');
  const caches = repo.path('../caches');
  mkdirSync(`${caches}/slipway`, { recursive: true });
  chmodSync(`${caches}/slipway`, mode);
  if (asRoot) chownSync(`${caches}/slipway`, owner, owner);
  const ended = await repo.slipway(['all'], { env: { XDG_CACHE_HOME: caches } });
  expect(ended).toMatchObject({ exit: 0, stderr: expect.stringContaining(says) });
  expect(readdirSync(`${caches}/slipway`)).toEqual([]);
  expect(existsSync(repo.path('_output/bin/a'))).toBe(true);
});

/** A program of somebody else at the place of the command of that name. */
const FORGED = '#!/bin/sh\necho forged\n';

/** Another user, who has a key of their own, changes an output before it comes here. */
async function forge(repo: Repo, other: Environment): Promise<void> {
  expectDone(await repo.slipway(['all'], { env: other }));
  writeFileSync(repo.path('_output/local/go/bin/a'), FORGED, { mode: 0o755 });
  const states = repo.path('_output/local/.slipway/outputs.json');
  const key = readFileSync(`${other['XDG_CACHE_HOME']}/slipway/seal`);
  const seal = sealWith(() => key);
  const lies = JSON.parse(unsealed(seal, 'states', readFileSync(states, 'utf8'))!) as StateFile;
  lies.outputs['_output/local/go/bin/a']!.digest = `${createHash('sha256').update(FORGED).digest('hex')} x`;
  writeFileSync(states, sealed(seal, 'states', JSON.stringify(lies)));
  rmSync(`${other['XDG_CACHE_HOME']}/slipway/runs`, { recursive: true });
}

interface StateFile {
  readonly outputs: Record<string, { digest: string }>;
}

test.for(['all', 'all -B', 'all --profile release'])(
  'an output with a foreign record is made again: %s',
  async (words) => {
    await using repo = new Repo('plain').init('v1.2.3');
    const [other, own] = ['of-another', 'own'].map((name) => ({ XDG_CACHE_HOME: repo.path('..', name) }));
    await forge(repo, other!);
    expectDone(await repo.slipway(words.split(' '), { env: own! }));
    expect(repo.output('_output/bin/a')).not.toMatch('forged');
    expect(repo.output('_output/bin/b')).toMatch('hello from b');
  },
);

test('forged outputs are fresh for a user who has the key', async () => {
  await using repo = new Repo('plain').init('v1.2.3');
  const other = { XDG_CACHE_HOME: repo.path('../of-another') };
  await forge(repo, other);
  expectDone(await repo.slipway(['all'], { env: other }));
  expect(repo.output('_output/bin/a')).toBe('forged');
});

/** A configuration that leaves a mark when it runs. */
const marking = (mark: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\nexport default {};\n`;

test('a configuration of another user above a tree is not run', async ({ skip }) => {
  if (!asRoot) return skip(OTHER_USER);
  await using repo = new Repo('plain', 'shared/tree');
  const mark = repo.path('../../was-run');
  repo.write({ '../slipway.config.ts': marking(mark) });
  chownSync(repo.path('../slipway.config.ts'), NOBODY, NOBODY);
  for (const words of [['all'], ['-n', 'all'], ['help'], ['query', '//...']]) {
    const ended = await repo.slipway(words);
    // Help works without a tree.
    if (words[0] !== 'help') expect(ended.stderr, words.join(' ')).toContain('UNSAFE_TREE');
    expect(existsSync(mark), words.join(' ')).toBe(false);
  }
  // The hint.
  repo.init('v1.2.3');
  expectDone(await repo.slipway(['all']));
  expect(existsSync(mark)).toBe(false);
});

test('a tree that git considers foreign gets no output until its user trusts it', async ({ skip }) => {
  if (!asRoot) return skip(OTHER_USER);
  await using repo = new Repo('plain').init('v1.2.3');
  chownSync(repo.path('.git'), NOBODY, NOBODY);
  for (const words of ['all', 'all --profile release', '-n package-tarballs']) {
    const ended = await repo.slipway(words.split(' '));
    expect(ended, words).toMatchObject({ exit: 1, stderr: expect.stringContaining('GIT_FAILED') });
    expect(ended.stdout).not.toContain('v0.0.0');
  }
  expect(existsSync(repo.path('_output'))).toBe(false);
  repo.git('config', '--global', '--add', 'safe.directory', repo.dir);
  const ended = await repo.slipway(['all']);
  expectDone(ended);
  expect(ended.stdout).toContain('v1.2.3-dev');
});

test('a tracked output is refused until git no longer tracks it', async () => {
  await using repo = new Repo('plain').init('v1.2.3');
  repo.write({ '_output/local/bin/forged': FORGED, '_output/.gitignore': '' });
  repo.git('add', '--force', '--all');
  repo.git('commit', '--quiet', '--message=forged');
  for (const words of [['all'], ['-n', 'all']])
    expect(await repo.slipway(words)).toMatchObject({ exit: 1, stderr: expect.stringContaining('OUTPUT_TRACKED') });
  repo.git('rm', '-r', '--quiet', '--cached', '_output');
  expectDone(await repo.slipway(['all']));
});

test("without a cache, Go does not work in another user's directory below TMPDIR", async ({ skip }) => {
  if (!asRoot) return skip(OTHER_USER);
  await using repo = new Repo('plain').init('v1.2.3');
  const temporary = repo.path('../temporary');
  mkdirSync(`${temporary}/slipway-0`, { recursive: true });
  chownSync(`${temporary}/slipway-0`, NOBODY, NOBODY);
  const env = { TMPDIR: temporary, XDG_CACHE_HOME: undefined, HOME: undefined };
  const ended = await repo.slipway(['all'], { env });
  expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('is not yours alone') });
  expect(readdirSync(`${temporary}/slipway-0`)).toEqual([]);
});
