import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { PublishedSet } from '../src/published-set.ts';
import { type ReleaseServer, startReleaseServer } from '../src/release-server.ts';
import { Repo } from '../src/repo-rig.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';

const { SLIPWAY_FAULT_SEED: seed = String(Date.now()), SLIPWAY_PUBLISH_KILLS: kills = '3' } = process.env;
const TAG = 'v1.2.3';

let tree: Repo;
let set: PublishedSet;
beforeAll(() => {
  tree = new Repo('plain').init(TAG);
  set = new PublishedSet(join(tree.base, 'set'));
});
afterAll(() => tree?.[Symbol.asyncDispose]());

const token = 'secret';
const publish = (to: string, tag = TAG, env: Record<string, string> = { SLIPWAY_RELEASE_TOKEN: token }) =>
  tree.start(['release', 'publish', set.dir, to, tag], { env });
const filesOf = (dir: string): Record<string, string> =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'base64')]));
const shelfOf = ({ releases }: ReleaseServer): Record<string, string> =>
  Object.fromEntries(releases[0]!.assets.map(({ name, bytes }) => [name, bytes.toString('base64')]));

test('a directory has the release under its tag, and an index with it; the second run sends nothing', async () => {
  const to = join(tree.base, 'shelf');
  expectDone(await publish(to).ended);
  expect(filesOf(join(to, TAG))).toEqual(filesOf(set.dir));
  expect(JSON.parse(readFileSync(join(to, 'index.json'), 'utf8'))).toEqual({ releases: [TAG] });
  expect((await publish(to).ended).stdout).toMatch(/ 0 sent now\n$/);
  expectDone(await publish(to, 'v1.2.4').ended);
  expect(JSON.parse(readFileSync(join(to, 'index.json'), 'utf8'))).toEqual({ releases: [TAG, 'v1.2.4'] });
});

describe.each(['GitHub', 'Gitea'] as const)('the release API as %s documents it', (dialect) => {
  test('a release is a draft until it is complete; the second run sends nothing, and other bytes are refused', async () => {
    await using server = await startReleaseServer(dialect, token);
    expectDone(await publish(server.url).ended);
    expect(server.releases).toMatchObject([{ tag: TAG, draft: false }]);
    expect(shelfOf(server)).toEqual(filesOf(set.dir));
    expect(server.uploads().at(-1)).toBe('SHA256SUMS');
    const count = server.uploads().length;
    expectDone(await publish(server.url).ended);
    expect(server.uploads().length).toBe(count);
    set.describe((statement) => (statement.predicate = { another: true }));
    expectFailure(await publish(server.url).ended, 'NOT_PUBLISHED', { says: 'is published', hint: 'another tag' });
    expect(server.uploads().length).toBe(count);
    set.describe();
  });

  test('after kills at random instants and another run, one release exists, complete, with no file twice', async () => {
    const random = seededRandom(seed, dialect);
    for (let round = 0; round < Number(kills); round++) {
      await using server = await startReleaseServer(dialect, token);
      const running = publish(server.url);
      // Requests of a run: a query, a draft, seven files, the end of the draft.
      const [request, wait] = [random.below(10) + 1, random.below(20)];
      server.afterRequests(request, () => void setTimeout(() => running.signal('SIGKILL', 'group'), wait));
      await running.ended;
      const said = `seed ${seed}, request ${request}`;
      if (server.releases.some(({ draft }) => !draft)) expect(shelfOf(server), said).toEqual(filesOf(set.dir));
      expectDone(await publish(server.url).ended);
      expect(server.releases, said).toMatchObject([{ tag: TAG, draft: false }]);
      const names = server.releases[0]!.assets.map(({ name }) => name);
      expect(names.toSorted(), said).toEqual(Object.keys(filesOf(set.dir)).toSorted());
      expect(shelfOf(server), said).toEqual(filesOf(set.dir));
    }
  });
});

test('without a token the site refuses, and the hint names the variable; a set with wrong bytes is not sent', async () => {
  await using server = await startReleaseServer('Gitea', token);
  expectFailure(await publish(server.url, TAG, {}).ended, 'NOT_PUBLISHED', {
    says: '401',
    hint: 'SLIPWAY_RELEASE_TOKEN',
  });
  const spoiled = new PublishedSet(join(tree.base, 'spoiled'));
  expectDone(await tree.slipway(['release', 'verify', spoiled.dir]));
  writeFileSync(spoiled.at('program'), 'another program');
  const ended = await tree.slipway(['release', 'publish', spoiled.dir, server.url, TAG], {
    env: { SLIPWAY_RELEASE_TOKEN: token },
  });
  expect(ended.exit).toBe(4);
  expect(server.releases).toEqual([]);
});

test('a directory that a killed run left is completed, without the leftovers', async () => {
  const to = join(tree.base, 'killed');
  const random = seededRandom(seed, 'directory');
  const from = performance.now();
  expectDone(await publish(join(tree.base, 'measured')).ended);
  const takes = performance.now() - from;
  for (let round = 0; round < Number(kills); round++) {
    const running = publish(to);
    await sleep((takes / 2) * (1 + random.below(100) / 100));
    running.signal('SIGKILL', 'group');
    await running.ended;
  }
  expectDone(await publish(to).ended);
  expect(filesOf(join(to, TAG)), `seed ${seed}`).toEqual(filesOf(set.dir));
});
