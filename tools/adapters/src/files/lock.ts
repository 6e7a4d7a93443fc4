import { access, constants, readFile, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises';
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
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/**
 * The lock is an exclusive transaction on an empty SQLite database, because that is Node's only access to a lock that
 * the kernel frees with the process. Nothing is ever written to the file.
 */
export const acquireLock: AcquireLock = async (path, waiting, signal) => {
  let taken = await take(path, waiting, signal);
  return {
    async renew() {
      if ((await inodeOf(path)) === taken.inode) return;
      const before = taken;
      taken = await take(path, waiting, signal);
      await unmake(before);
      await release(before);
    },
    async remove(tops) {
      await rm(holderFile(taken.file), { force: true });
      if ((await inodeOf(path)) !== taken.inode) return unmake(taken);
      await onPath(path, () => rm(path));
      await removeEmpty(dirname(path), tops);
    },
    [Symbol.asyncDispose]: () => release(taken),
  };
};

interface Taken {
  readonly database: DatabaseSync;
  readonly inode: number | undefined;
  /** The real path of the file. */
  readonly file: string;
  /** The topmost of the file and its parent directories that did not exist. */
  readonly made: string | undefined;
}

async function take(path: string, waiting: LockWaiting, signal: AbortSignal | undefined): Promise<Taken> {
  throwIfInterrupted(signal);
  const { DatabaseSync: Database } = await import('node:sqlite');
  const directory = await onPath(path, async () => makeDirectories(dirname(path)));
  const existed = (await inodeOf(path)) !== undefined;
  const database = await opened(path, () => new Database(path, { timeout: 0 }));
  const inode = await inodeOf(path);
  try {
    await begin(database, path, waiting, signal);
  } catch (error) {
    database.close();
    throw error;
  }
  if ((await inodeOf(path)) !== inode) {
    // The last holder removed the file (slipway clean), so this lock protects nothing.
    database.close();
    return take(path, waiting, signal);
  }
  const file = await realpath(path);
  const note = holderFile(file);
  // A link there would be written through.
  await rm(note, { force: true })
    .then(() => writeFile(note, JSON.stringify(ourselves()), { flag: 'wx' }))
    .catch(() => {});
  const made = directory === undefined ? (existed ? undefined : path) : directory;
  return { database, inode, file, made: made && above(file, depth(path) - depth(made)) };
}

async function release({ database, file }: Taken): Promise<void> {
  await rm(holderFile(file), { force: true }).catch(() => {});
  database.close();
}

/** Removes what was created for a lock that nobody uses. */
async function unmake({ file, made }: Taken): Promise<void> {
  if (made === undefined) return;
  await rm(holderFile(file), { force: true });
  await rm(file, { force: true });
  await removeEmpty(dirname(file), [made]);
}

/** Keeps directories that are not empty, and their parents. */
async function removeEmpty(directory: string, tops: readonly string[]): Promise<void> {
  if (!tops.some((top) => `${directory}/`.startsWith(`${top}/`))) return;
  const removed = await rmdir(directory).then(
    () => true,
    () => false,
  );
  if (removed) await removeEmpty(dirname(directory), tops);
}

const depth = (path: string): number => path.split('/').length;
const above = (path: string, levels: number): string => (levels === 0 ? path : above(dirname(path), levels - 1));

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

/** Maximum bytes of a path for SQLite: 512 on every Unix, minus room for suffixes. */
const LONGEST_PATH = 504;

/** Runs a call of SQLite. Its errors contain no system error, so slipway checks the directory. */
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
    const bytes = Buffer.byteLength(path);
    if (code === SQLITE_CANTOPEN && bytes > LONGEST_PATH)
      throw new FailureError({
        code: 'NOT_WRITABLE',
        path,
        fact: `it has ${bytes} bytes, and SQLite, which locks it, opens no path of more than ${LONGEST_PATH}`,
        hint: 'choose another place, whose path is short: OUT_DIR=/some/dir',
      });
    await onPath(path, () => access(dirname(path), constants.W_OK));
    throw new FailureError({ code: 'NOT_WRITABLE', path, fact: `it cannot be locked: ${(error as Error).message}` });
  }
}

/** SQLite's primary result code; undefined for other errors. */
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
