import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The prefix of the names of unfinished files. */
export const TEMPORARY = '.slipway-tmp-';

/** Names made by this process that may still be in use. */
const live = new Set<string>();
let count = 0;

/** Calls `make` with an unused name beside `path`, and afterwards removes any file with that name. */
export async function withTemporary<T>(path: string, make: (temporary: string) => Promise<T>): Promise<T> {
  const name = `${TEMPORARY}${process.pid}-${Date.now().toString(36)}${(count++).toString(36)}-${basename(path).slice(0, 60)}`;
  live.add(name);
  const temporary = join(dirname(path), name);
  try {
    return await make(temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  } finally {
    live.delete(name);
  }
}

/** A file without a name, which disappears with this process in every case. */
export const openNameless = (directory: string): Promise<FileHandle> =>
  withTemporary(join(directory, 'nameless'), async (temporary) => {
    const file = await open(temporary, 'wx+');
    await rm(temporary);
    return file;
  });

/** Removes temporary files of dead processes in `directory` that are at least that old. It ignores errors. */
export async function sweepTemporaries(directory: string, milliseconds = 0): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const dead = names.filter((name) => name.startsWith(TEMPORARY) && isDead(name)).map((name) => join(directory, name));
  await Promise.all(dead.map((path) => sweep(path, milliseconds).catch(() => {})));
}

async function sweep(path: string, milliseconds: number): Promise<void> {
  if (milliseconds === 0 || (await lstat(path)).mtimeMs < Date.now() - milliseconds)
    await rm(path, { recursive: true, force: true });
}

/** Process ids repeat in containers. So a file with this process's id is dead unless this process made the name. */
function isDead(name: string): boolean {
  const pid = Number.parseInt(name.slice(TEMPORARY.length), 10);
  if (Number.isNaN(pid)) return false;
  if (pid === process.pid) return !live.has(name);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
