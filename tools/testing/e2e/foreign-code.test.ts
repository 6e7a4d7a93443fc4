import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectDone } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';

/** Root can make files that are somebody else's. */
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
])('a cache $what is not used, and that is said', async ({ owner, mode, says }, { skip }) => {
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
