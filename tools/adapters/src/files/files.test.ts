import { spawn } from 'node:child_process';
import {
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputFilesContract } from './contract.ts';
import { failureOfFileError } from './failure.ts';
import { fakeOutputFiles } from './fake.ts';
import { cacheDirectory } from './cache-directory.ts';
import { fileMemo, memoryMemo, readOnlyMemo } from './memo.ts';
import { sealWith, sealed, sealedMemo, unsealed, userSeal } from './seal.ts';
import { realOutputFiles } from './real.ts';

const NOBODY = 65534;
let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-files-'));
  await chmod(base, 0o755);
});
afterAll(() => realOutputFiles().removeTree(base));
const freshDirectory = (): Promise<string> => mkdtemp(join(base, 'd-'));

outputFilesContract('realOutputFiles', async () => ({ files: realOutputFiles(), dir: await freshDirectory() }));
outputFilesContract('fakeOutputFiles', async () => ({ files: fakeOutputFiles(), dir: '/dir' }));

test('the fake records its calls', async () => {
  const files = fakeOutputFiles({ '/a': 'text' });
  await files.publishFile('/a', '/b');
  expect(files.calls).toEqual(['publishFile /a /b']);
  expect(files.entries.get('/b')).toEqual({ text: 'text' });
});

test('a published file has the mode and the time of its source', async () => {
  const [from, to] = await twoPaths();
  await writeFile(from, 'text', { mode: 0o640 });
  await chmod(from, 0o550);
  await utimes(from, 1_700_000_000.123456, 1_700_000_000.123456);
  await realOutputFiles().publishFile(from, to);
  const published = await stat(to);
  expect(published.mode & 0o777).toBe(0o550);
  expect(published.mtimeMs).toBeCloseTo(1_700_000_000_123.456, 2);
});

test('equal bytes with another time are left untouched, and other bytes or another mode are not', async () => {
  const [from, to] = await twoPaths();
  const files = realOutputFiles();
  await writeFile(from, 'aaaa');
  await files.publishFile(from, to);
  const first = await stat(to, { bigint: true });
  await utimes(from, 1, 1);
  expect(await files.publishFile(from, to)).toBe('same');
  expect((await stat(to, { bigint: true })).ino).toBe(first.ino);
  expect((await stat(to, { bigint: true })).mtimeNs).toBe(first.mtimeNs);
  await writeFile(from, 'bbbb');
  expect(await files.publishFile(from, to)).toBe('copied');
  await chmod(from, 0o755);
  expect(await files.publishFile(from, to)).toBe('copied');
});

test('a file of equal size and time counts as equal, unless somebody else may have written to it', async () => {
  const [from, to] = await twoPaths();
  const files = realOutputFiles();
  for (const [path, text] of [
    [from, 'right'],
    [to, 'wrong'],
  ] as const) {
    await writeFile(path, text);
    await utimes(path, 1, 1);
  }
  expect(await files.publishFile(from, to)).toBe('same');
  expect(await files.publishFile(from, to, { present: 'doubtful' })).toBe('copied');
  const before = await stat(to);
  expect(await files.publishFile(from, to, { present: 'doubtful' })).toBe('same');
  expect((await stat(to)).ino).toBe(before.ino);
});

test('files that are known to differ are not compared, and may become hard links', async () => {
  const [from, to] = await twoPaths();
  const files = realOutputFiles();
  for (const path of [from, to]) {
    await writeFile(path, 'text');
    await utimes(path, 1, 1);
  }
  expect(await files.publishFile(from, to, { present: 'other' })).toBe('copied');
  expect((await stat(from)).nlink).toBe(1);
  expect(await files.publishFile(from, to, { present: 'other', share: true })).toBe('copied');
  expect((await stat(to)).ino).toBe((await stat(from)).ino);
  expect(await files.publishFile(from, to, { present: 'doubtful', share: true })).toBe('same');
  expect(await readdir(dirname(to))).toEqual(['from', 'to']);
});

test('large files are compared to the end', async () => {
  const [from, to] = await twoPaths();
  const files = realOutputFiles();
  const bytes = Buffer.alloc(2_500_000, 1);
  await writeFile(to, bytes);
  await writeFile(from, bytes);
  expect(await files.publishFile(from, to)).toBe('same');
  bytes[2_499_999] = 2;
  await writeFile(from, bytes);
  expect(await files.publishFile(from, to)).toBe('copied');
});

test('a running program is replaced, and continues', async () => {
  const [from, to] = await twoPaths();
  await copyFile('/bin/sleep', to);
  const child = spawn(to, ['60']);
  try {
    await writeFile(from, 'new', { mode: 0o755 });
    expect(await realOutputFiles().publishFile(from, to)).toBe('copied');
    expect(await readFile(to, 'utf8')).toBe('new');
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill();
  }
});

test('a link at the destination is replaced, not written through', async () => {
  const [from, to] = await twoPaths();
  await writeFile(from, 'new');
  await writeFile(`${to}-other`, 'kept');
  await symlink(`${to}-other`, to);
  await realOutputFiles().publishFile(from, to);
  expect((await lstat(to)).isFile()).toBe(true);
  expect(await readFile(`${to}-other`, 'utf8')).toBe('kept');
});

test('a failure leaves no temporary file, and those of dead runs are removed', async () => {
  const dir = await freshDirectory();
  const files = realOutputFiles();
  await writeFile(join(dir, 'from'), 'text');
  await mkdir(join(dir, 'out/to/full'), { recursive: true });
  const dead = spawn('true');
  await new Promise((resolve) => dead.on('exit', resolve));
  await writeFile(join(dir, `out/.slipway-tmp-${dead.pid}-x-to`), 'half');
  await writeFile(join(dir, `out/.slipway-tmp-${process.pid}-earlier-to`), 'half');
  await writeFile(join(dir, `out/.slipway-tmp-${process.ppid}-x-to`), 'of a living process');
  await expect(files.publishFile(join(dir, 'from'), join(dir, 'out/to'))).rejects.toMatchObject({
    failures: [{ code: 'NOT_WRITABLE', path: join(dir, 'out/to') }],
  });
  expect(await readdir(join(dir, 'out'))).toEqual([`.slipway-tmp-${process.ppid}-x-to`, 'to']);
});

test('many files are published into one directory at once', async () => {
  const dir = await freshDirectory();
  const files = realOutputFiles();
  const names = Array.from({ length: 30 }, (_, i) => `f${i}`);
  await Promise.all(names.map((name) => writeFile(join(dir, name), name)));
  await Promise.all(names.map((name) => files.publishFile(join(dir, name), join(dir, 'out', name))));
  await files.removeTree(join(dir, 'out'));
  await Promise.all(names.map((name) => files.publishFile(join(dir, name), join(dir, 'out', name))));
  expect((await readdir(join(dir, 'out'))).sort()).toEqual(names.sort());
});

test('a dangling link is replaced, a directory is not', async () => {
  const dir = await freshDirectory();
  await symlink('/nowhere', join(dir, 'link'));
  await realOutputFiles().ensureSymlink(join(dir, 'link'), '/elsewhere');
  expect(await readlink(join(dir, 'link'))).toBe('/elsewhere');
  await mkdir(join(dir, 'directory'));
  await expect(realOutputFiles().ensureSymlink(join(dir, 'directory'), 'x')).rejects.toMatchObject({
    failures: [{ code: 'NOT_WRITABLE' }],
  });
});

test('the owner of read-only directories can remove them', async () => {
  const dir = await freshDirectory();
  await mkdir(join(dir, 'cache/mod/a@v1/deep'), { recursive: true });
  await writeFile(join(dir, 'cache/mod/a@v1/deep/file'), '', { mode: 0o444 });
  await symlink('/usr', join(dir, 'cache/mod/a@v1/link'));
  for (const path of ['cache/mod/a@v1/deep', 'cache/mod/a@v1', 'cache/mod', 'cache'])
    await chmod(join(dir, path), 0o555);
  for (const path of ['', 'cache', 'cache/mod', 'cache/mod/a@v1', 'cache/mod/a@v1/deep', 'cache/mod/a@v1/deep/file'])
    await giveAway(join(dir, path));
  expect(await asNobody(`await files.removeTree(${JSON.stringify(join(dir, 'cache'))})`)).toBe('done');
  expect(await readdir(dir)).toEqual([]);
});

test('files with names that are not UTF-8 are removed, also beside files to keep', async () => {
  const dir = await mkdtemp(join(base, 'd-'));
  const strange = Buffer.concat([Buffer.from(`${dir}/a/`), Buffer.from([0xff])]);
  await mkdir(strange, { recursive: true });
  await writeFile(Buffer.concat([strange, Buffer.from('/file')]), '');
  await writeFile(join(dir, 'a/lock'), '');
  await realOutputFiles().removeTree(dir, [join(dir, 'a/lock')]);
  expect(await readdir(join(dir, 'a'))).toEqual(['lock']);
  await realOutputFiles().removeTree(dir);
  expect(await readdir(base)).not.toContain(basename(dir));
});

test('a write to a read-only output directory fails with its path', async () => {
  const dir = await freshDirectory();
  await writeFile(join(dir, 'from'), 'text');
  await mkdir(join(dir, 'out'));
  for (const path of ['', 'from', 'out']) await giveAway(join(dir, path));
  await chmod(join(dir, 'out'), 0o555);
  const from = JSON.stringify(join(dir, 'from'));
  const to = JSON.stringify(join(dir, 'out/to'));
  const refused = `NOT_WRITABLE: ${join(dir, 'out/to')} cannot be written: permission denied`;
  expect(await asNobody(`await files.publishFile(${from}, ${to})`)).toBe(refused);
  expect(await asNobody(`await files.writeFileWhole(${to}, '')`)).toBe(refused);
  expect(await asNobody(`await files.ensureSymlink(${to}, 'x')`)).toBe(refused);
  expect(await asNobody(`await (await acquireLock(${to}, { onWait() {} }))[Symbol.asyncDispose]()`)).toBe(refused);
});

test.each([
  ['EROFS', 'NOT_WRITABLE'],
  ['ENOSPC', 'DISK_FULL'],
  ['EDQUOT', 'DISK_FULL'],
  ['ENOENT', 'FILE_MISSING'],
])('the system error %s becomes %s', (code, expected) => {
  expect(failureOfFileError(Object.assign(new Error(), { code }), '/p')).toMatchObject({
    failures: [{ code: expected, path: '/p' }],
  });
});

test('an unknown error is returned unchanged', () => {
  const error = new TypeError('ours');
  expect(failureOfFileError(error, '/p')).toBe(error);
});

test('a memo returns what it kept, and a memo that cannot be written does not fail', async () => {
  const dir = await freshDirectory();
  const memo = fileMemo(join(dir, 'memo'));
  expect(memo.get('key')).toBeUndefined();
  memo.set('key', 'several\nlines\n');
  expect(fileMemo(join(dir, 'memo')).get('key')).toBe('several\nlines\n');
  expect(await readdir(join(dir, 'memo'))).toHaveLength(1);
  const readOnly = readOnlyMemo(memo);
  readOnly.set('other', 'x');
  expect([readOnly.get('key'), readOnly.get('other')]).toEqual(['several\nlines\n', undefined]);
  expect(memoryMemo([['a', '1']]).get('a')).toBe('1');
  await writeFile(join(dir, 'file'), '');
  expect(() => fileMemo(join(dir, 'file/below')).set('a', 'b')).not.toThrow();
});

test.each([
  [{ XDG_CACHE_HOME: '/c', HOME: '/h' }, '/c/slipway'],
  [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/slipway'],
  [{ XDG_CACHE_HOME: 'in/the/tree', HOME: '/h' }, '/h/.cache/slipway'],
  [{}, undefined],
])('the cache directory of %o is %s', (env, expected) => {
  expect(cacheDirectory(env)).toBe(expected);
});

test('a seal is valid for one user, one kind of record and one text', async () => {
  const [one, other] = [await freshDirectory(), await freshDirectory()].map((home) => ({ XDG_CACHE_HOME: home }));
  const text = sealed(userSeal(one!), 'states', 'what is known');
  expect(unsealed(userSeal(one!), 'states', text)).toBe('what is known');
  expect(unsealed(userSeal(other!), 'states', text)).toBeUndefined();
  expect(unsealed(userSeal(one!), 'parts', text)).toBeUndefined();
  expect(unsealed(userSeal(one!), 'states', `${text} `)).toBeUndefined();
  expect(unsealed(userSeal(one!), 'states', 'what is known')).toBeUndefined();
  expect((await stat(join(one!.XDG_CACHE_HOME, 'slipway/seal'))).mode & 0o777).toBe(0o600);
});

test('a later run trusts no seal if others can read the key, or if there is none', async () => {
  const env = { XDG_CACHE_HOME: await freshDirectory() };
  const text = sealed(userSeal(env), 'states', 'x');
  await chmod(join(env.XDG_CACHE_HOME, 'slipway/seal'), 0o644);
  expect(unsealed(userSeal(env), 'states', text)).toBeUndefined();
  expect(unsealed(userSeal({}), 'states', sealed(userSeal({}), 'states', 'x'))).toBeUndefined();
});

test('a memo is trusted only by the user who wrote it', async () => {
  const memo = memoryMemo();
  const [mine, theirs] = ['mine', 'theirs'].map((key) =>
    sealedMemo(
      memo,
      sealWith(() => Buffer.from(key)),
    ),
  );
  mine!.set('key', 'value');
  expect(mine!.get('key')).toBe('value');
  expect(theirs!.get('key')).toBeUndefined();
});

async function twoPaths(): Promise<[string, string]> {
  const dir = await freshDirectory();
  return [join(dir, 'from'), join(dir, 'to')];
}

/** Root may write anywhere, so under root some tests run as another user. */
const asRoot = process.getuid?.() === 0;

const giveAway = async (path: string): Promise<void> => {
  if (asRoot) await chown(path, NOBODY, NOBODY);
};

function asNobody(statement: string): Promise<string> {
  const script = `
    const { realOutputFiles } = await import(${JSON.stringify(join(import.meta.dirname, 'real.ts'))});
    const { acquireLock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});
    const files = realOutputFiles();
    try { ${statement}; process.stdout.write('done'); } catch (error) { process.stdout.write(error.message); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}
