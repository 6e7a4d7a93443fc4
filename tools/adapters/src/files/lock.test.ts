import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockContract } from './contract.ts';
import { fakeLocks } from './fake-lock.ts';
import { acquireLock } from './lock.ts';
import type { LockHolder } from './port.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-lock-'));
});
afterAll(() => rm(base, { recursive: true }));
const freshPath = async (): Promise<string> => join(await mkdtemp(join(base, 'd-')), 'deep/lock');

lockContract('acquireLock', async () => ({ acquireLock, path: await freshPath() }));
lockContract('fakeLocks', async () => ({ acquireLock: fakeLocks().acquireLock, path: '/lock' }));

test('another process waits until the holder is killed', async () => {
  const path = await freshPath();
  const holder = startHolder(path);
  await nextLine(holder);
  let told: LockHolder | undefined;
  const waiting = acquireLock(path, {
    onWait(other) {
      told = other;
      holder.kill('SIGKILL');
    },
  });
  await using _lock = await waiting;
  expect(told).toMatchObject({ pid: holder.pid, command: expect.stringContaining('the-holder') });
});

test('only one of several processes holds the lock at a time', async () => {
  const path = await freshPath();
  const log = `${path}.log`;
  const children = Array.from({ length: 4 }, () =>
    spawnScript(`
      const { appendFileSync } = await import('node:fs');
      for (let i = 0; i < 3; i++) {
        await using lock = await acquireLock(${JSON.stringify(path)}, { onWait() {} });
        appendFileSync(${JSON.stringify(log)}, '(');
        await new Promise((resolve) => setTimeout(resolve, 10));
        appendFileSync(${JSON.stringify(log)}, ')');
      }`),
  );
  const ends = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0]);
  expect(await readFile(log, 'utf8')).toBe('()'.repeat(12));
});

test('a process that waited locks the path again if the holder removed the file', async () => {
  const path = await freshPath();
  const first = await acquireLock(path, { onWait() {} });
  const waited = new Promise<void>((resolve) => {
    void acquireLock(path, { onWait: () => resolve() }).then((lock) => void second.resolve(lock));
  });
  const second = Promise.withResolvers<AsyncDisposable>();
  await waited;
  await rm(path);
  await first[Symbol.asyncDispose]();
  await using _second = await second.promise;
  const third = await new Promise<string>((resolve) => {
    void acquireLock(path, { onWait: () => resolve('waits') }).then((lock) => {
      resolve('has it');
      return lock[Symbol.asyncDispose]();
    });
  });
  expect(third).toBe('waits');
});

test('only the empty lock file remains', async () => {
  const path = await freshPath();
  {
    await using _lock = await acquireLock(path, { onWait() {} });
    expect((await readdir(join(path, '..'))).sort()).toEqual(['lock', 'lock.holder.json']);
  }
  expect(await readdir(join(path, '..'))).toEqual(['lock']);
  expect(await readFile(path, 'utf8')).toBe('');
});

test('a lock file with other content is not touched', async () => {
  const path = join(await mkdtemp(join(base, 'd-')), 'lock');
  const text = 'not ours '.repeat(200);
  await writeFile(path, text);
  await expect(acquireLock(path, { onWait() {} })).rejects.toMatchObject({
    failures: [{ code: 'NOT_WRITABLE', path }],
  });
  expect(await readFile(path, 'utf8')).toBe(text);
});

function startHolder(path: string): ChildProcess {
  return spawnScript(`
    await acquireLock(${JSON.stringify(path)}, { onWait() {} });
    console.log('have it');
    setInterval(() => {}, 1000);`);
}

function spawnScript(script: string): ChildProcess {
  const source = `const { acquireLock } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))});${script}`;
  return spawn(process.execPath, ['--input-type=module', '-e', source, 'the-holder'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const nextLine = (child: ChildProcess): Promise<unknown> => once(child.stdout!, 'data');
