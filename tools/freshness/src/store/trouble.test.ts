import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { sha256 } from './contract.ts';
import { openStore } from './open-store.ts';

const MIB = 2 ** 20;
const KEY = sha256('key');
let base: string;
const mounted: string[] = [];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-trouble-'));
});
afterAll(async () => {
  for (const path of mounted) execFileSync('umount', [path]);
  await rm(base, { recursive: true, force: true });
});

/** A file system of a few megabytes. The test is skipped with the reason if none can be mounted. */
async function smallDisk(context: TestContext, size = '8m'): Promise<string> {
  const path = await mkdtemp(join(base, 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`no tmpfs can be mounted: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`);
  }
  mounted.push(path);
  return path;
}

const add = (directory: string, key: string, names: readonly string[]) =>
  openStore({ directory, maxBytes: 2 ** 30 }).add(
    { key, parts: {} },
    names.map((name) => ({ name, path: join(base, name) })),
  );

async function write(name: string, size: number): Promise<void> {
  await writeFile(join(base, name), Buffer.alloc(size, name));
}

test('a full disk is reported, leaves no incomplete file, and existing entries still work', async (context) => {
  const disk = await smallDisk(context);
  await Promise.all([write('small', 1000), write('middle', 3 * MIB), write('large', 4 * MIB)]);
  expect((await add(disk, KEY, ['small', 'middle'])).added).toBe(true);
  const full = await add(disk, sha256('other'), ['small', 'large', 'middle']);
  expect(full).toMatchObject({ added: false, why: expect.stringContaining('no space is left on the disk'), files: [] });
  expect(await readdir(join(disk, 'v1/tmp'))).toEqual([]);
  const store = openStore({ directory: disk, maxBytes: 2 ** 30 });
  expect(await store.find(sha256('other'))).toBeUndefined();
  expect(await store.stats()).toMatchObject({ records: 1, files: 2 });
  for (const file of (await store.find(KEY))!.files)
    expect(await store.take(file, join(base, 'out', file.name))).toBe(true);
  await writeFile(join(disk, 'filler'), Buffer.alloc(16 * MIB)).catch(() => {});
  expect((await add(disk, sha256('third'), ['small'])).added).toBe(false);
  expect(await store.find(KEY)).toBeDefined();
  expect(await store.exclusively([KEY], async () => 'done')).toBe('done');
  await rm(join(disk, 'filler'), { force: true });
  expect((await store.verify()).wrong).toEqual([]);
});

test('a full disk at the destination is a failure, and leaves no file there', async (context) => {
  const disk = await smallDisk(context, '1m');
  await write('large', 4 * MIB);
  const store = openStore({ directory: join(base, 'store'), maxBytes: 2 ** 30 });
  const {
    files: [file],
  } = await add(join(base, 'store'), KEY, ['large']);
  const to = join(disk, 'to');
  await expect(store.take(file!, to)).rejects.toMatchObject({ failures: [{ code: 'DISK_FULL', path: to }] });
  expect(await readdir(disk)).toEqual([]);
  expect(await store.find(KEY)).toBeDefined();
});

test('a read-only store can be read, adding reports the reason, and locks and times are skipped', async (context) => {
  const disk = await smallDisk(context);
  await write('small', 1000);
  expect((await add(disk, KEY, ['small'])).added).toBe(true);
  const {
    files: [file],
  } = await add(disk, sha256('damaged'), ['small']);
  await write('other', 2000);
  const {
    files: [other],
  } = await add(disk, sha256('other'), ['other']);
  const cas = join(disk, 'v1/cas', other!.digest.slice(0, 2), other!.digest.slice(2));
  await rm(cas);
  await writeFile(cas, Buffer.alloc(2000, 'wrong'));
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  const store = openStore({ directory: disk, maxBytes: 2 ** 30 });
  expect(await store.find(KEY)).toMatchObject({ files: [file] });
  expect(await store.take(file!, join(base, 'out/small'))).toBe(true);
  expect(await readFile(join(base, 'out/small'))).toEqual(Buffer.alloc(1000, 'small'));
  expect(await store.take(other!, join(base, 'out/other'))).toBe(false);
  expect(await stat(join(base, 'out/other')).catch(() => undefined)).toBeUndefined();
  expect(await add(disk, sha256('new'), ['small'])).toMatchObject({
    added: false,
    why: expect.stringContaining('read-only'),
  });
  expect(await store.exclusively([KEY], async () => 'done')).toBe('done');
  await expect(store.prune({ maxBytes: 0 })).rejects.toMatchObject({ failures: [{ code: 'NOT_WRITABLE' }] });
  expect((await store.verify()).wrong).toMatchObject([{ path: cas, removed: false }, { removed: false }]);
  expect(await store.stats()).toMatchObject({ records: 3, files: 2 });
});

test('a store below a file, and one that is removed during use', async () => {
  await write('small', 1000);
  expect(await add(join(base, 'small/store'), KEY, ['small'])).toMatchObject({
    added: false,
    why: expect.stringContaining('is a file, not a directory'),
  });
  const directory = join(base, 'removed');
  const {
    files: [file],
  } = await add(directory, KEY, ['small']);
  await rm(directory, { recursive: true });
  const store = openStore({ directory, maxBytes: 2 ** 30 });
  expect(await store.find(KEY)).toBeUndefined();
  expect(await store.take(file!, join(base, 'out/gone'))).toBe(false);
  expect((await add(directory, KEY, ['small'])).added).toBe(true);
  expect(await store.find(KEY)).toBeDefined();
});
