import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/**
 * Removes everything at `path` except the files of `keep`, also in read-only directories (Go's module cache). It does
 * not follow links, even if the path ends with a slash.
 */
export const removeTree = (path: string, keep: readonly string[] = []): Promise<void> =>
  remove(Buffer.from(path.replace(/(?<=.)\/+$/, '')), keep);

/** Paths are bytes here, because names need not be text. */
async function remove(path: Buffer, keep: readonly string[]): Promise<void> {
  const name = path.toString();
  if (keep.includes(name)) return;
  if (keep.some((kept) => kept.startsWith(`${name}/`)) && (await isDirectory(path))) {
    for (const entry of await readdir(path, { encoding: 'buffer' })) await remove(joined(path, entry), keep);
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

const joined = (directory: Buffer, name: Buffer): Buffer => Buffer.concat([directory, Buffer.from('/'), name]);

const isDirectory = (path: Buffer): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Gives its owner the permissions to empty every directory of the tree. */
async function makeRemovable(path: Buffer): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) return;
  if ((found.mode & 0o700) !== 0o700) await chmod(path, found.mode | 0o700);
  for (const entry of await readdir(path, { encoding: 'buffer' })) await makeRemovable(joined(path, entry));
}
