import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './failure.ts';

/** Removes what is at `path`, read-only directories (Go's module cache) included; links are removed, not followed. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOTDIR') return;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await makeRemovable(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** Gives every directory of the tree the bits its owner needs to empty it. */
async function makeRemovable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return;
  if ((found.mode & 0o700) !== 0o700) await chmod(path, found.mode | 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeRemovable(join(path, entry.name));
  }
}
