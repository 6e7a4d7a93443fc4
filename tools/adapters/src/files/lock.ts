import { access, constants, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FailureError } from '@slipway/model';
import { interruptedBy, throwIfInterrupted } from '../process/interrupted.ts';
import { onPath } from './failure.ts';
import { makeDirectories } from './make-directories.ts';
import type { AcquireLock, LockHolder, LockWaiting } from './port.ts';

const POLL_MILLISECONDS = 100;

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/**
 * The lock is an exclusive transaction on an empty database: SQLite is the way Node has to a lock that the kernel frees
 * with the process. Nothing is ever written into the file.
 */
export const acquireLock: AcquireLock = async (path, waiting, signal) => {
  throwIfInterrupted(signal);
  const { DatabaseSync: Database } = await import('node:sqlite');
  await onPath(path, () => makeDirectories(dirname(path)));
  const database = await opened(path, () => new Database(path, { timeout: 0 }));
  const inode = await inodeOf(path);
  try {
    await begin(database, path, waiting, signal);
  } catch (error) {
    database.close();
    throw error;
  }
  if ((await inodeOf(path)) !== inode) {
    // The last holder removed the file (slipway clean): what we hold is a lock on nothing.
    database.close();
    return acquireLock(path, waiting, signal);
  }
  const note = holderFile(path);
  await writeFile(note, JSON.stringify(ourselves())).catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      await rm(note, { force: true }).catch(() => {});
      database.close();
    },
  };
};

const inodeOf = async (path: string): Promise<number | undefined> => (await stat(path).catch(() => undefined))?.ino;

async function begin(
  database: DatabaseSync,
  path: string,
  waiting: LockWaiting,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let tries = 0; !(await opened(path, () => tryBegin(database))); tries++) {
    if (tries === 0) waiting.onWait(await readHolder(path));
    await sleep(POLL_MILLISECONDS, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    if (signal?.aborted) throw interruptedBy(signal);
  }
}

function tryBegin(database: DatabaseSync): boolean {
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (primaryCode(error) === SQLITE_BUSY) return false;
    throw error;
  }
}

/** Runs a call of SQLite's; its errors name no system error, so the directory is asked what is wrong. */
async function opened<T>(path: string, call: () => T): Promise<T> {
  try {
    return call();
  } catch (error) {
    const code = primaryCode(error);
    if (code === undefined) throw error;
    if (code === SQLITE_FULL) throw new FailureError({ code: 'DISK_FULL', path });
    if (code === SQLITE_NOTADB)
      throw new FailureError({
        code: 'NOT_WRITABLE',
        path,
        fact: 'it is the lock of this directory, and something was written into it: delete it',
      });
    await onPath(path, () => access(dirname(path), constants.W_OK));
    throw new FailureError({ code: 'NOT_WRITABLE', path, fact: `it cannot be locked: ${(error as Error).message}` });
  }
}

/** SQLite's primary result code; undefined for any other error. */
function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

const holderFile = (path: string): string => `${path}.holder.json`;

const ourselves = (): LockHolder => ({
  pid: process.pid,
  command: process.argv.slice(1).join(' '),
  since: Math.floor(Date.now() / 1000),
});

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const holder = JSON.parse(await readFile(holderFile(path), 'utf8')) as LockHolder;
    return typeof holder.pid === 'number' && typeof holder.command === 'string' && typeof holder.since === 'number'
      ? holder
      : undefined;
  } catch {
    return undefined;
  }
}
