import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './failure.ts';

/** Removes what is at `path` but the files of `keep`, read-only directories (Go's module cache) included; links are not followed. */
export async function removeTree(path: string, keep: readonly string[] = []): Promise<void> {
  if (keep.includes(path)) return;
  if (keep.some((kept) => kept.startsWith(`${path}/`)) && (await isDirectory(path))) {
    for (const entry of await readdir(path)) await removeTree(join(path, entry), keep);
    return;
  }
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

const isDirectory = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Gives every directory of the tree the bits its owner needs to empty it. */
async function makeRemovable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return;
  if ((found.mode & 0o700) !== 0o700) await chmod(path, found.mode | 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeRemovable(join(path, entry.name));
  }
}
