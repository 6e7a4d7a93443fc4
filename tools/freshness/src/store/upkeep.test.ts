import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from './contract.ts';
import { defaultStoreOptions } from './default-options.ts';
import { openStore } from './open-store.ts';
import type { ListedRecord } from './port.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-upkeep-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const DAY = 86_400_000;
const start = Date.now();
const KIB = 1024;

/** A store with the test's own clock, and files of 100 KiB. */
async function rig(maxBytes = 2 ** 30) {
  const dir = await mkdtemp(join(base, 'd-'));
  const directory = join(dir, 'store');
  const clock = { now: start };
  const store = openStore({ directory, maxBytes, now: () => clock.now });
  const cas = (digest: string): string => join(directory, 'v1/cas', digest.slice(0, 2), digest.slice(2));
  const add = async (name: string, texts: readonly string[] = [name]) => {
    const files = await Promise.all(
      texts.map(async (text) => {
        await writeFile(join(dir, text), text.padEnd(100 * KIB));
        return { name: text, path: join(dir, text) };
      }),
    );
    return store.add({ key: sha256(name), parts: {} }, files);
  };
  const has = async (name: string): Promise<boolean> => (await store.find(sha256(name))) !== undefined;
  return { dir, directory, store, clock, cas, add, has };
}

test('counts and lists the entries', async () => {
  const { store, clock, add, has } = await rig();
  expect(await store.stats()).toEqual({ records: 0, files: 0, bytes: 0, recordedBytes: 0 });
  await add('one', ['a', 'b']);
  await add('two', ['b', 'c']);
  clock.now += DAY;
  await has('two');
  const stats = await store.stats();
  expect(stats).toMatchObject({ records: 2, files: 3, recordedBytes: 400 * KIB });
  expect(stats.bytes).toBeGreaterThan(300 * KIB);
  const listed: ListedRecord[] = [];
  for await (const one of store.list()) listed.push(one);
  listed.sort((a, b) => a.lastUse - b.lastUse);
  expect(listed.map(({ record, size }) => [record.key, size])).toEqual([
    [sha256('one'), 200 * KIB],
    [sha256('two'), 200 * KIB],
  ]);
  expect(listed[1]!.lastUse).toBe(Math.floor(clock.now / 1000));
});

test('pruning removes the least recently used, but no file of other records', async () => {
  const { store, clock, add, has } = await rig();
  for (const [name, texts] of [
    ['one', ['a', 'shared']],
    ['two', ['b', 'shared']],
    ['three', ['c']],
  ] as const) {
    clock.now += 1000;
    await add(name, texts);
    await has(name);
  }
  clock.now += 1000;
  await has('one');
  expect(await store.prune({ maxBytes: 405 * KIB })).toMatchObject({ records: 0, files: 0, bytes: 0 });
  expect(await store.prune({ maxBytes: 399 * KIB })).toMatchObject({ records: 1, files: 1 });
  expect([await has('one'), await has('two'), await has('three')]).toEqual([true, false, true]);
  expect((await store.verify()).wrong).toEqual([]);
});

test('entries that were not used for long are removed at any size', async () => {
  const { store, clock, add, has } = await rig();
  await add('old');
  clock.now += 10 * DAY;
  await add('new');
  await has('new');
  expect(await store.prune({ maxBytes: Infinity, olderThan: (5 * DAY) / 1000 })).toMatchObject({
    records: 1,
    files: 1,
  });
  expect([await has('old'), await has('new')]).toEqual([false, true]);
});

test('adding keeps the store below its limit', async () => {
  const { store, clock, add, has } = await rig(1000 * KIB);
  for (let i = 0; i < 30; i++) {
    clock.now += 1000;
    expect((await add(`${i}`)).added).toBe(true);
    expect(await has(`${i}`)).toBe(true);
    expect((await store.stats()).bytes).toBeLessThanOrEqual(1000 * KIB);
  }
  expect((await store.stats()).records).toBeGreaterThanOrEqual(8);
});

test.each(['lost', 'garbage'])('the counter may be %s', async (how) => {
  const { directory, clock, store, add } = await rig(1000 * KIB);
  for (let i = 0; i < 20; i++) {
    clock.now += 1000;
    await add(`${i}`);
    if (i % 5 === 0)
      await (how === 'lost' ? rm(join(directory, 'v1/sizes')) : writeFile(join(directory, 'v1/sizes'), 'x\n'));
  }
  await store.prune({ maxBytes: 1000 * KIB });
  expect((await store.stats()).bytes).toBeLessThanOrEqual(1000 * KIB);
});

test('old files without records, leftovers and garbage are removed', async () => {
  const { directory, store, clock, cas, add } = await rig();
  const {
    files: [file],
  } = await add('one');
  await rm(join(directory, 'v1/records'), { recursive: true });
  const leftover = join(directory, 'v1/tmp/.slipway-tmp-1-x-of-a-reused-id');
  await mkdir(leftover);
  const garbage = join(directory, 'v1/records/aa', `${'b'.repeat(62)}.json`);
  await mkdir(dirname(garbage), { recursive: true });
  await writeFile(garbage, '{');
  expect(await store.prune({ maxBytes: Infinity })).toMatchObject({ records: 1, files: 0 });
  expect(await readFile(garbage).catch(() => undefined)).toBeUndefined();
  expect((await stat(cas(file!.digest))).isFile()).toBe(true);
  expect(await readdir(join(directory, 'v1/tmp'))).toHaveLength(1);
  clock.now += 2 * DAY;
  expect(await store.prune({ maxBytes: Infinity })).toMatchObject({ files: 1 });
  expect(await readdir(join(directory, 'v1/tmp'))).toEqual([]);
  expect(await store.stats()).toMatchObject({ files: 0, bytes: 0 });
});

test('adding a file again by a known digest makes it young', async () => {
  const { dir, clock, cas, directory, add } = await rig();
  const {
    files: [file],
  } = await add('one');
  await utimes(cas(file!.digest), 1, 1);
  clock.now += DAY;
  const other = openStore({ directory, maxBytes: 2 ** 30 });
  const again = await other.add({ key: sha256('two'), parts: {} }, [
    { name: 'one', path: join(dir, 'one'), digest: file!.digest },
  ]);
  expect(again.added).toBe(true);
  expect((await stat(cas(file!.digest))).mtimeMs).toBeGreaterThan(start - 1000);
});

test('an empty store can be pruned and verified', async () => {
  const { store } = await rig();
  expect(await store.verify()).toEqual({ records: 0, files: 0, bytes: 0, wrong: [] });
  expect(await store.prune({ maxBytes: 0 })).toEqual({ records: 0, files: 0, bytes: 0 });
});

test('verify finds any flipped bit, and removes the file and the records that name it', async () => {
  const { directory, store, cas, add, has } = await rig();
  const {
    files: [a],
  } = await add('one', ['a', 'b']);
  await add('two', ['b']);
  await add('three', ['c']);
  const record = join(directory, 'v1/records', sha256('three').slice(0, 2), `${sha256('three').slice(2)}.json`);
  await writeFile(record, (await readFile(record, 'utf8')).replace('"mode":4', '"mode":3'));
  await chmod(cas(a!.digest), 0o644);
  await writeFile(cas(a!.digest), (await readFile(cas(a!.digest))).with(50_000, 0));
  await writeFile(join(directory, 'v1/cas/foreign'), 'of somebody else');
  await writeFile(join(dirname(cas(a!.digest)), 'foreign'), 'of somebody else');
  const { wrong, records, files } = await store.verify();
  expect({ records, files }).toEqual({ records: 3, files: 4 });
  expect(wrong.map(({ why, removed }) => [why.replace(/[0-9a-f]{64}/, 'DIGEST'), removed]).sort()).toEqual([
    ['it does not belong to a store', true],
    ['it is no whole record', true],
    ['its content is DIGEST', true],
    ['the content of a, DIGEST, is wrong or missing', true],
  ]);
  expect([await has('one'), await has('two'), await has('three')]).toEqual([false, true, false]);
  expect((await store.verify()).wrong).toEqual([]);
});

test('the default store is in the cache directory, and takes at most a tenth of the disk', async () => {
  const options = await defaultStoreOptions({ XDG_CACHE_HOME: join(base, 'not/yet') });
  expect(options?.directory).toBe(join(base, 'not/yet/slipway/store'));
  expect(options?.maxBytes).toBeGreaterThan(0);
  expect(options?.maxBytes).toBeLessThanOrEqual(20 * 2 ** 30);
  expect(await defaultStoreOptions({})).toBeUndefined();
});
