import { hash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realRemoteCache } from '@slipway/adapters/remote-cache';
import type { CacheTraffic, Event } from '@slipway/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CacheServer, startBazelRemote, startCasd } from '../src/cache-servers.ts';
import { expectDone } from '../src/expect-failure.ts';
import { type Misbehaviour, type Proxy, misbehavingProxy } from '../src/misbehaving-proxy.ts';
import { withMounts } from '../src/other-machine.ts';
import { timeouts } from '../src/timeouts.ts';
import { Repo } from '../src/repo-rig.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { type Built, WatchedRepo, byStatus, goBuilds } from '../src/watched-repo.ts';

/** Milliseconds that no run takes if it waits for nothing. */
const HUNG = 60_000;
const { SLIPWAY_FAULT_SEED: seed = String(Date.now()) } = process.env;

const machine = (): WatchedRepo => new WatchedRepo('plain').init('v1.2.3');
const outputs = (tree: WatchedRepo): Buffer[] =>
  ['a', 'b'].map((name) => readFileSync(tree.path(tree.published(name))));

const eventsOf = ({ stdout }: Built): Event[] =>
  stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));

const traffic = (built: Built): CacheTraffic | undefined =>
  eventsOf(built).find((event) => event.kind === 'cache-shared')?.traffic;

/** The tests of slow servers say what they wait for. */
const patient = { SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer };

const build = (
  tree: WatchedRepo,
  url: string,
  more: Record<string, string> = {},
  args: string[] = ['all'],
): Promise<Built> => tree.build(args, { env: { SLIPWAY_REMOTE_CACHE: url, ...patient, ...more } });

let server: CacheServer;
let proxy: Proxy;
beforeAll(async () => {
  server = await startBazelRemote();
  proxy = await misbehavingProxy(server.port);
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

describe('a second machine', () => {
  test.for(['bazel-remote', 'buildbox-casd'])(
    '%s: everything is restored, Go builds nothing',
    async (name, { skip }) => {
      const other = name === 'buildbox-casd' ? await startCasd() : await startBazelRemote();
      if ('why' in other) return skip(other.why);
      await using running = other;
      await using first = machine();
      const made = await build(first, running.url);
      expectDone(made);
      expect(traffic(made)).toMatchObject({ hits: 0, written: 2, unfinished: 0 });
      const right = outputs(first);
      first.forgetAll();
      const restored = await build(first, running.url, { GOCACHE: first.path('../empty') });
      expect(byStatus(restored)).toEqual({ restored: ['a', 'b'] });
      expect(goBuilds(restored.calls)).toEqual([]);
      expect(outputs(first)).toEqual(right);
      expect(traffic(restored)).toMatchObject({ hits: 2, written: 0 });
      first.forgetAll();
      expect(byStatus(await build(first, 'off'))).toEqual({ ran: ['a', 'b'] });
    },
  );

  test('read-only reads and does not write; another scope sees nothing', async () => {
    await using tree = machine();
    const scope = { SLIPWAY_REMOTE_CACHE_SCOPE: 'modes' };
    const reading = { ...scope, SLIPWAY_REMOTE_CACHE_MODE: 'read-only' };
    const steps: [Record<string, string>, 'ran' | 'restored', number][] = [
      [reading, 'ran', 0],
      [scope, 'ran', 2],
      [reading, 'restored', 0],
      [{ SLIPWAY_REMOTE_CACHE_SCOPE: 'elsewhere' }, 'ran', 2],
    ];
    for (const [env, is, written] of steps) {
      const built = await build(tree, server.url, env);
      expect({ ...byStatus(built), written: traffic(built)?.written }).toEqual({ [is]: ['a', 'b'], written });
      tree.forgetAll();
    }
  });

  test('another directory, home and user of the same programs', async () => {
    await using first = new Repo('plain').init('v1.2.3');
    await using second = new Repo('plain', 'elsewhere').init('v1.2.3');
    const env = { ...patient, SLIPWAY_REMOTE_CACHE: server.url, SLIPWAY_REMOTE_CACHE_SCOPE: 'places' };
    expectDone(await first.slipway(['all'], { env }));
    const { stdout } = await second.slipway(['all'], { env: { ...env, GOCACHE: second.path('../empty') } });
    expect(stdout).toMatch(/restored +build a, b/);
    expect(second.output('_output/bin/a')).toBe(first.output('_output/bin/a'));
  });
});

describe('writers that a release trusts', () => {
  const ofRelease = ['all', '--profile', 'release', 'SOURCE_DATE_EPOCH=1700000000'];

  test("a release takes nothing that a pull request writes, whatever key it uses, and takes a trusted writer's records", async () => {
    await using tree = machine();
    const key = async (name: string): Promise<{ file: string; text: string }> => {
      const file = tree.path('..', name);
      return { file, text: (await tree.slipway(['cache', 'key', file])).stdout.trim() };
    };
    const [trusted, own] = [await key('writer.pem'), await key('own.pem')];
    const release = { SLIPWAY_REMOTE_CACHE_TRUST: trusted.text };
    const as = async (env: Record<string, string>): Promise<object> => {
      const built = await build(tree, server.url, env, ofRelease);
      tree.forgetAll();
      const { written, hits, trouble } = traffic(built) ?? {};
      return { ...byStatus(built), written, hits, trouble };
    };
    const wrote = { ran: ['a', 'b'], written: 2, hits: 0, trouble: undefined };
    const readOnly = { ...release, SLIPWAY_REMOTE_CACHE_MODE: 'read-only' };
    expect(await as({})).toMatchObject({ ran: ['a', 'b'], written: 2 });
    expect(await as({ ...release, SLIPWAY_REMOTE_CACHE_KEY: own.file })).toEqual(wrote);
    expect(await as(readOnly)).toEqual({ ...wrote, written: 0 });
    expect(await as({ SLIPWAY_REMOTE_CACHE_KEY: trusted.file })).toEqual(wrote);
    expect(await as(readOnly)).toEqual({ restored: ['a', 'b'], written: 0, hits: 2, trouble: undefined });
  });

  test('a pull request that overwrites a trusted record makes it a miss, and no more', async () => {
    await using tree = machine();
    const file = tree.path('../writer.pem');
    const release = { SLIPWAY_REMOTE_CACHE_TRUST: (await tree.slipway(['cache', 'key', file])).stdout.trim() };
    await build(tree, server.url, { SLIPWAY_REMOTE_CACHE_KEY: file }, ofRelease);
    const right = outputs(tree);
    const store = join(server.directory, 'ac.v2');
    const records = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    // A client that may write to the server may put any record under any name, but cannot sign it.
    const remote = realRemoteCache({
      url: server.url,
      headers: {},
      latencyBudget: Number(timeouts.cacheServer),
      bytesPerSecond: 1,
    });
    for (const { name } of records) {
      const action = name.slice(0, 64);
      const result = await remote.result(action);
      if (result === undefined) continue;
      const [record] = await remote.read(result.files.filter(({ path }) => path === '.slipway-record'));
      const forged = Buffer.from(String(record).replaceAll('"mode":', '"mode": '));
      await remote.write([forged]);
      const files = result.files.map((each) =>
        each.path === '.slipway-record' ? { ...each, digest: hash('sha256', forged), size: forged.length } : each,
      );
      await remote.putResult(action, { files, note: result.note });
    }
    remote.close();
    tree.forgetAll();
    const built = await build(tree, server.url, { ...release, SLIPWAY_REMOTE_CACHE_MODE: 'read-only' }, ofRelease);
    expect({ ...byStatus(built), hits: traffic(built)?.hits }).toEqual({ ran: ['a', 'b'], hits: 0 });
    expect(outputs(tree)).toEqual(right);
  });

  test.for([
    { what: 'lies in the local store', output: 'gone', cache: 'on' },
    { what: 'lies in the local store, and no cache is shared', output: 'gone', cache: 'off' },
    { what: 'lies in the output', output: 'kept', cache: 'on' },
    { what: 'lies in the output, and no cache is shared', output: 'kept', cache: 'off' },
  ])('a release takes nothing of an unsigned scope: it $what', async ({ output, cache }) => {
    await using tree = machine();
    const scope = { SLIPWAY_REMOTE_CACHE_SCOPE: `dev-${output}-${cache}` };
    await build(tree, server.url, scope);
    tree.forgetAll();
    expect(byStatus(await build(tree, server.url, scope))).toEqual({ restored: ['a', 'b'] });
    if (output === 'gone') rmSync(tree.path('_output'), { recursive: true });
    const url = cache === 'on' ? server.url : 'off';
    // Nothing is stamped in this tree: the keys of both profiles are the same.
    expect(byStatus(await build(tree, url, scope, ofRelease))).toEqual({ ran: ['a', 'b'] });
    expect(byStatus(await build(tree, url, scope, ofRelease))).toEqual({ fresh: ['a', 'b'] });
  });
});

test('a run that still writes after its last step prints how much that is', async () => {
  await using tree = machine();
  proxy.behave({ is: 'late', milliseconds: 700 });
  const built = await build(tree, proxy.url, { SLIPWAY_REMOTE_CACHE_SCOPE: 'late' });
  const kinds = eventsOf(built).map((event) => (event.kind === 'cache-moved' && event.isEnd ? 'writing' : event.kind));
  expect(kinds.lastIndexOf('writing')).toBeGreaterThan(kinds.indexOf('run-finished'));
  expect(traffic(built)).toMatchObject({ written: 2, unfinished: 0 });
});

describe('a server that is', () => {
  const random = seededRandom('faults', seed);
  const faults: Record<string, Misbehaviour> = {
    silent: { is: 'silent' },
    refusing: { is: 'refusing' },
    'cut off after 1000 bytes': { is: 'cutting', after: 1000 },
    'cut off within a file': { is: 'cutting', after: 300_000 },
    'flipping bits': { is: 'flipping', above: 4000 },
    'slow (100 kB/s)': { is: 'slow', bytesPerSecond: 100_000 },
    'late by 300 ms': { is: 'late', milliseconds: 300 },
    'failing at random': { is: 'failing', chance: 0.2, random: () => random.below(1000) / 1000 },
  };
  let tree: WatchedRepo;
  let right: Buffer[];
  let alone: number;
  beforeAll(async () => {
    tree = machine();
    await build(tree, 'off');
    right = outputs(tree);
    tree.forgetAll();
    alone = (await timed(() => build(tree, 'off'))).took;
    tree.forgetAll();
    await build(tree, server.url);
  });
  afterAll(() => tree[Symbol.asyncDispose]());

  async function timed<T>(work: () => Promise<T>): Promise<{ took: number; result: T }> {
    const started = performance.now();
    const result = await work();
    return { took: performance.now() - started, result };
  }

  /**
   * The run itself measures its waiting. The wall clock, which other work on this machine also moves, only shows that
   * nothing hung; its limit is generous.
   */
  async function expectRightInTime(url: string, env: Record<string, string> = {}): Promise<void> {
    tree.forgetAll();
    const { took, result } = await timed(() => build(tree, url, { SLIPWAY_REMOTE_CACHE_PATIENCE: '', ...env }));
    expectDone(result);
    expect({ seed, right: outputs(tree).map((bytes, i) => bytes.equals(right[i]!)) }).toEqual({
      seed,
      right: [true, true],
    });
    // Half a second and a twentieth of the run; more than that is other work of this machine.
    expect(traffic(result)?.waited).toBeLessThan(1000 + took / 10);
    expect(took).toBeLessThan(10 * alone + HUNG);
  }

  test.each(Object.entries(faults))('%s', async (_, how) => {
    proxy.behave(how);
    await expectRightInTime(proxy.url);
    // Writing into it is no better.
    await expectRightInTime(proxy.url, { SLIPWAY_REMOTE_CACHE_SCOPE: 'empty' });
    proxy.behave({ is: 'right' });
    tree.forgetAll();
    const healed = await build(tree, proxy.url);
    expect({ ...byStatus(healed), trouble: traffic(healed)?.trouble }).toEqual({ restored: ['a', 'b'] });
  });

  test('lying: other bytes under the right name', async () => {
    await using lying = await startBazelRemote();
    tree.forgetAll();
    await build(tree, lying.url);
    const files = readdirSync(lying.directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const { parentPath, name } of files.filter((entry) => entry.parentPath.includes('cas'))) {
      const bytes = readFileSync(join(parentPath, name));
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(join(parentPath, name), bytes);
    }
    await expectRightInTime(lying.url);
    expect(traffic(await (tree.forgetAll(), build(tree, lying.url)))?.trouble).toContain('other bytes');
  });

  test('lying: every record under the name of another', async () => {
    await using lying = await startBazelRemote();
    tree.forgetAll();
    await build(tree, lying.url);
    const remote = realRemoteCache({
      url: lying.url,
      headers: {},
      latencyBudget: Number(timeouts.cacheServer),
      bytesPerSecond: 1,
    });
    const names = readdirSync(join(lying.directory, 'ac.v2'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name.slice(0, 64));
    const results = await Promise.all(names.map((name) => remote.result(name)));
    for (const [i, name] of names.entries()) await remote.putResult(name, results[(i + 1) % results.length]!);
    remote.close();
    await expectRightInTime(lying.url);
  });

  test('full', async ({ skip }) => {
    const mounted = withMounts(tree, ':');
    skip(mounted.why !== undefined, mounted.why);
    const small = (directory: string): string[] => [
      ...['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])],
      ...['sh', '-c', `mount -t tmpfs -o size=1m tmpfs '${directory}' && exec "$@"`, 'sh'],
    ];
    await using full = await startBazelRemote({ wrapper: small });
    await expectRightInTime(full.url);
    expect(traffic(await (tree.forgetAll(), build(tree, full.url)))).toMatchObject({
      hits: 0,
      trouble: expect.any(String),
    });
  });

  test('stopped, and then killed, while it is in use', async () => {
    await using dying = await startBazelRemote();
    tree.forgetAll();
    await build(tree, dying.url);
    dying.signal('SIGSTOP');
    await expectRightInTime(dying.url);
    dying.signal('SIGKILL');
    await expectRightInTime(dying.url);
  });
});
