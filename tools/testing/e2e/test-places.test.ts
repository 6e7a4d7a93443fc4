import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CacheServer, startBazelRemote } from '../src/cache-servers.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { testTree } from '../src/test-tree.ts';
import { timeouts } from '../src/timeouts.ts';
import { type Built, type WatchedRepo, byStatus } from '../src/watched-repo.ts';

const all = ['data', 'helper', 'uses'];
const args = ['test', `WHAT=${all.join(' ')}`];

const became = (built: Built): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(byStatus(built)).map(([is, found]) => [
      is,
      found.map((name) => name.slice(name.lastIndexOf('/') + 1)),
    ]),
  );
const tests = ({ calls }: Built): unknown[] =>
  calls.filter(({ program, args: [word] }) => program === 'go' && word === 'test');

let server: CacheServer;
beforeAll(async () => (server = await startBazelRemote()));
afterAll(async () => server?.[Symbol.asyncDispose]());

/** A tree whose tests passed, with their known inputs, including tests that run programs. */
async function passedTree(env: Record<string, string> = {}): Promise<WatchedRepo> {
  const tree = testTree('one').init();
  for (let times = 0; times < 2; times += 1) await tree.build(args, { env });
  return tree;
}

test(
  'in a clone in another directory, with the same store, no test runs; nor on a branch that was tested before',
  unless(whyWithout('strace')),
  async () => {
    await using tree = await passedTree();
    tree.git('clone', '--quiet', '.', '../an "other" clone');
    const cloned = await tree.build(args, { cwd: '../an "other" clone' });
    expect({ ...became(cloned), tests: tests(cloned) }, cloned.stderr).toEqual({ restored: all, tests: [] });
    tree.git('checkout', '--quiet', '-b', 'other');
    tree.write({ 'data/testdata/in': 'good, too\n' }).commit('other');
    expect(became(await tree.build(args))).toEqual({ ran: ['data'], fresh: ['helper', 'uses'] });
    for (const branch of ['main', 'other']) {
      tree.git('checkout', '--quiet', branch);
      const there = await tree.build(args);
      expect({ ...became(there), tests: tests(there) }).toEqual({
        fresh: ['helper', 'uses'],
        restored: ['data'],
        tests: [],
      });
    }
    tree.write({ 'go.mod': tree.read('go.mod').replace('1.24', '1.25') });
    expect(became(await tree.build(args))).toEqual({ ran: all });
  },
);

test(
  'on a machine that has nothing but a cache server no test runs; in another scope all do',
  unless(whyWithout('strace')),
  async () => {
    const shared = { SLIPWAY_REMOTE_CACHE: server.url, SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer };
    await using tree = await passedTree(shared);
    tree.forgetAll();
    const other = await tree.build(args, { env: shared });
    expect({ ...became(other), tests: tests(other) }, other.stderr).toEqual({ restored: all, tests: [] });
    tree.forgetAll();
    const elsewhere = await tree.build(args, { env: { ...shared, SLIPWAY_REMOTE_CACHE_SCOPE: 'elsewhere' } });
    expect(became(elsewhere)).toEqual({ ran: all });
  },
);

test('a release trusts results that a trusted key signed, and no others', async () => {
  await using tree = testTree('one').init();
  const key = async (name: string): Promise<{ file: string; text: string }> => {
    const file = join(tree.base, name);
    return { file, text: (await tree.slipway(['cache', 'key', file])).stdout.trim() };
  };
  const [trusted, own] = [await key('trusted.pem'), await key('own.pem')];
  const shared = {
    SLIPWAY_REMOTE_CACHE: server.url,
    SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer,
    SLIPWAY_REMOTE_CACHE_SCOPE: 'signed-tests',
    SLIPWAY_REMOTE_CACHE_TRUST: trusted.text,
  };
  const release = async (env: Record<string, string>): Promise<Record<string, string[]>> => {
    tree.forgetAll();
    return became(await tree.build(['test', 'WHAT=data', '--profile', 'release'], { env: { ...shared, ...env } }));
  };
  const reading = { SLIPWAY_REMOTE_CACHE_MODE: 'read-only' };
  expect(await release({ SLIPWAY_REMOTE_CACHE_KEY: own.file })).toEqual({ ran: ['data'] });
  expect(await release(reading)).toEqual({ ran: ['data'] });
  expect(await release({ SLIPWAY_REMOTE_CACHE_KEY: trusted.file })).toEqual({ ran: ['data'] });
  expect(await release(reading)).toEqual({ restored: ['data'] });
});

test('a result in the store under another key is refused, and so is an overwritten one', async () => {
  await using tree = testTree('one').init();
  const what = ['test', 'WHAT=data uses'];
  await tree.build(what);
  const files = (folder: string): string[] =>
    readdirSync(join(tree.store, 'v1', folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(tree.store, 'v1', folder, name))
      .filter((path) => statSync(path).isFile());
  const records = files('records').map((path) => [path, readFileSync(path)] as const);
  expect(records.length).toBeGreaterThan(2);
  const again = async (): Promise<Record<string, string[]>> => {
    rmSync(tree.path('_output'), { recursive: true });
    return became(await tree.build(what));
  };
  expect(await again()).toEqual({ restored: ['data', 'uses'] });
  // Each gets the record of its neighbour.
  records.forEach(([path], i) => writeFileSync(path, records[(i + 1) % records.length]![1]));
  expect(await again()).toEqual({ ran: ['data', 'uses'] });
  for (const path of files('cas')) writeFileSync(path, readFileSync(path, 'utf8').replaceAll('seconds', 'sdnoces'));
  expect(await again()).toEqual({ ran: ['data', 'uses'] });
});
