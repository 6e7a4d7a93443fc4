import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fakeOutputFiles } from '@slipway/adapters';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256, storeContract } from './contract.ts';
import { fakeStore } from './fake.ts';
import { openStore } from './open-store.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-store-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));
const freshDirectory = (): Promise<string> => mkdtemp(join(base, 'd-'));
const textIfExists = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

const GIB = 2 ** 30;
const KEY = sha256('key');

async function realRig() {
  const dir = await freshDirectory();
  const directory = join(dir, 'store');
  const cas = (digest: string): string => join(directory, 'v1/cas', digest.slice(0, 2), digest.slice(2));
  return {
    dir,
    directory,
    cas,
    record: join(directory, 'v1/records', KEY.slice(0, 2), `${KEY.slice(2)}.json`),
    store: openStore({ directory, maxBytes: GIB }),
    write: (path: string, text: string) => writeFile(path, text),
    readIfExists: textIfExists,
    damage: (digest: string) => flip(cas(digest), 1),
  };
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at]! ^= 1;
  await chmod(path, 0o644);
  await writeFile(path, bytes);
}

storeContract('openStore', realRig);
storeContract('fakeStore', async () => {
  const { entries } = fakeOutputFiles();
  const store = fakeStore(entries);
  return {
    store,
    dir: '/dir',
    write: async (path, text) => void entries.set(path, { text }),
    readIfExists: async (path) => {
      const entry = entries.get(path);
      return entry !== undefined && 'text' in entry ? entry.text : undefined;
    },
    damage: async (digest) => void store.contents.set(digest, 'damaged'),
  };
});

test('the fake records its calls, and fails on demand', async () => {
  const store = fakeStore(new Map([['/a', { text: 'a' }]]), 'the disk is full');
  expect(await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: '/a' }])).toEqual({
    added: false,
    why: 'the disk is full',
    files: [],
  });
  expect(await store.find(KEY)).toBeUndefined();
  expect(store.calls).toEqual([`add ${KEY}`, `find ${KEY}`]);
});

test('files are stored once by content, read-only, and no temporary file remains', async () => {
  const { store, dir, directory, cas } = await realRig();
  await writeFile(join(dir, 'a'), 'same', { mode: 0o755 });
  await writeFile(join(dir, 'b'), 'same', { mode: 0o640 });
  const { files } = await store.add({ key: KEY, parts: {} }, [
    { name: 'a', path: join(dir, 'a') },
    { name: 'b', path: join(dir, 'b') },
  ]);
  expect((await stat(cas(sha256('same')))).mode & 0o777).toBe(0o444);
  expect(await readdir(join(directory, 'v1/tmp'))).toEqual([]);
  expect(await readdir(dirname(cas(sha256('same'))))).toHaveLength(1);
  for (const file of files) await store.take(file, join(dir, 'out', file.name));
  expect((await stat(join(dir, 'out/a'))).mode & 0o777).toBe(0o755);
  expect((await stat(join(dir, 'out/b'))).mode & 0o777).toBe(0o644);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test('for any mode in a record, others may not write to the taken file', async () => {
  const { store, dir } = await realRig();
  await writeFile(join(dir, 'a'), 'text');
  await chmod(join(dir, 'a'), 0o777);
  const { files } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: join(dir, 'a') }]);
  expect(files[0]!.mode).toBe(0o755);
  await store.take({ ...files[0]!, mode: 0o777 }, join(dir, 'out'));
  expect((await stat(join(dir, 'out'))).mode & 0o777).toBe(0o755);
});

test.for(['the record', 'the file'])(
  'files of another user in the store count as missing: %s',
  async (what, { skip }) => {
    if (process.getuid?.() !== 0) return skip('only root can make files of another user');
    const { store, dir, cas, record } = await realRig();
    await writeFile(join(dir, 'a'), 'text');
    const { files } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: join(dir, 'a') }]);
    await chown(what === 'the record' ? record : cas(sha256('text')), 65_534, 65_534);
    expect(await store.find(KEY)).toBeUndefined();
    if (what === 'the file') expect(await store.take(files[0]!, join(dir, 'out'))).toBe(false);
  },
);

test('a taken file is new, with its own inode and the current time, in place of a link or a file', async () => {
  const { store, dir, cas } = await realRig();
  await writeFile(join(dir, 'a'), 'text');
  await utimes(join(dir, 'a'), 1, 1);
  const {
    files: [file],
  } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: join(dir, 'a') }]);
  await writeFile(join(dir, 'other'), 'kept');
  await symlink(join(dir, 'other'), join(dir, 'to'));
  const before = Date.now();
  await store.take(file!, join(dir, 'to'));
  const taken = await lstat(join(dir, 'to'));
  expect(taken.isFile()).toBe(true);
  expect(taken.mtimeMs).toBeGreaterThan(before - 1_000);
  expect(taken.ino).not.toBe((await stat(cas(file!.digest))).ino);
  expect(await textIfExists(join(dir, 'other'))).toBe('kept');
});

test('an error at the destination is a failure that names it', async () => {
  const { store, dir } = await realRig();
  await writeFile(join(dir, 'a'), 'text');
  const {
    files: [file],
  } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: join(dir, 'a') }]);
  await mkdir(join(dir, 'directory/full'), { recursive: true });
  for (const to of [join(dir, 'a/below'), join(dir, 'directory')]) {
    await expect(store.take(file!, to)).rejects.toMatchObject({ failures: [{ code: 'NOT_WRITABLE', path: to }] });
  }
  expect((await readdir(dir)).sort()).toEqual(['a', 'directory', 'store']);
});

test('large files are copied completely on other threads', async () => {
  const { store, dir, cas } = await realRig();
  const sizes = [2 << 20, (5 << 20) + 1, (9 << 20) + 65_535];
  const bytes = sizes.map((size, i) => Buffer.alloc(size, `content ${i}`));
  const files = await Promise.all(
    bytes.map(async (content, i) => {
      await writeFile(join(dir, `f${i}`), content);
      return { name: `f${i}`, path: join(dir, `f${i}`) };
    }),
  );
  const added = await store.add({ key: KEY, parts: {} }, files);
  expect(await Promise.all(added.files.map((file) => store.take(file, join(dir, 'out', file.name))))).toEqual([
    true,
    true,
    true,
  ]);
  for (const [i, content] of bytes.entries())
    expect(content.equals(await readFile(join(dir, 'out', `f${i}`)))).toBe(true);
  await flip(cas(added.files[2]!.digest), 9 << 20);
  expect(await store.take(added.files[2]!, join(dir, 'out/again'))).toBe(false);
  expect(await textIfExists(join(dir, 'out/again'))).toBeUndefined();
  await expect(stat(cas(added.files[2]!.digest))).rejects.toThrow('ENOENT');
});

test('a flipped bit anywhere in a record is a miss, and the record is removed', async () => {
  const { store, dir, record } = await realRig();
  await writeFile(join(dir, 'a'), 'text', { mode: 0o755 });
  const add = () => store.add({ key: KEY, parts: { go: 'go1.20' } }, [{ name: 'a', path: join(dir, 'a') }]);
  await add();
  const whole = await readFile(record);
  const found = await store.find(KEY);
  for (let at = 0; at < whole.length; at++) {
    await writeFile(record, whole.with(at, whole[at]! ^ (1 << (at % 7))));
    const now = await store.find(KEY);
    if (now !== undefined) expect(now).toEqual(found);
    else expect(await textIfExists(record)).toBeUndefined();
  }
  for (const garbage of ['', 'null', '[]', '{"record":{}}', whole.subarray(0, 50).toString()]) {
    await writeFile(record, garbage);
    expect(await store.find(KEY)).toBeUndefined();
    expect(await textIfExists(record)).toBeUndefined();
  }
  await add();
  expect(await store.find(KEY)).toBeDefined();
});

test('a record under another key, and a file of another size, are misses', async () => {
  const { store, dir, record, cas } = await realRig();
  await writeFile(join(dir, 'a'), 'text');
  const {
    files: [file],
  } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: join(dir, 'a') }]);
  const other = sha256('other');
  const elsewhere = join(dirname(dirname(record)), other.slice(0, 2), `${other.slice(2)}.json`);
  await mkdir(dirname(elsewhere), { recursive: true });
  await link(record, elsewhere);
  expect(await store.find(other)).toBeUndefined();
  await chmod(cas(file!.digest), 0o644);
  await writeFile(cas(file!.digest), 'tex');
  expect(await store.find(KEY)).toBeUndefined();
});

test('names that lead elsewhere, directories and files larger than the store are refused', async () => {
  const { dir, directory } = await realRig();
  const store = openStore({ directory, maxBytes: 10 });
  await writeFile(join(dir, 'a'), 'more than ten bytes');
  await writeFile(join(dir, 'b'), 'text');
  const why = async (name: string, path: string) =>
    (await store.add({ key: KEY, parts: {} }, [{ name, path: join(dir, path) }])).why;
  expect(await why('a', 'a')).toContain('19 bytes');
  for (const name of ['', '/etc/passwd', '../b', 'a/../../b']) expect(await why(name, 'b')).toContain('not the name');
  expect(await why('d', '.')).toContain('not a file');
  expect(await store.find(KEY)).toBeUndefined();
});

test('equal files added in parallel are one file', async () => {
  const { dir, directory } = await realRig();
  await writeFile(join(dir, 'a'), Buffer.alloc(3 << 20, 'x'));
  const stores = Array.from({ length: 8 }, () => openStore({ directory, maxBytes: GIB }));
  const added = await Promise.all(
    stores.map((store, i) => store.add({ key: sha256(`${i % 4}`), parts: {} }, [{ name: 'a', path: join(dir, 'a') }])),
  );
  expect(added.map(({ why }) => why)).toEqual(Array(8).fill(''));
  expect(await Promise.all(stores.map((store, i) => store.take(added[i]!.files[0]!, join(dir, 'to'))))).toEqual(
    Array(8).fill(true),
  );
  expect(await readdir(join(directory, 'v1/tmp'))).toEqual([]);
});

test('a process that waits for a key learns the owner, and may give up', async () => {
  const { store } = await realRig();
  const stop = new AbortController();
  const told: unknown[] = [];
  await store.exclusively([KEY], async () => {
    const waiting = { onWait: (holder: unknown) => (told.push(holder), stop.abort('SIGINT')) };
    const work = store.exclusively([KEY], async () => 'done', { waiting, signal: stop.signal });
    await expect(work).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED' }] });
  });
  expect(told).toMatchObject([{ pid: process.pid }]);
});
