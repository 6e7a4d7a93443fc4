import { hash } from 'node:crypto';
import { constants, readdirSync, statSync } from 'node:fs';
import { copyFile, rename, rm, utimes } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path/posix';
import { withTemporary } from '@slipway/adapters';
import type { ContentIndex } from '../index/port.ts';

/** Milliseconds in which two writes may have one time; see isNotRacy of the index. */
export const FILE_TICK = 12;

/** Equal to no key. */
export const NO_KEY = '';

export const isExecutable = (path: string): boolean =>
  process.platform === 'win32' || ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;

/** Files, and of directories all files below them. */
export const filesAmong = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
    const below = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => !each.isDirectory());
    return below.map(({ parentPath, name }) => join(parentPath, name)).sort();
  });

/** Of files, of what is below directories, and whether they may be executed; of no file the empty text. */
export function contentOf(outputs: readonly string[], index: ContentIndex): string {
  const paths = filesAmong(outputs);
  if (paths.length === 0 && outputs.length > 0) return 'empty';
  const isNamed = outputs.length < paths.length;
  const each = paths.map(
    (path) => (isNamed ? `${path} ` : '') + `${index.digest(path)} ${isExecutable(path) ? 'x' : '-'}`,
  );
  return each.length <= 1 ? (each[0] ?? '') : hash('sha256', each.join('\n'));
}

/** Paths of a plan are relative to its root, or absolute. */
export const pathOf = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));

/** Go takes a file for finished when its first bytes say so, whatever the others are: it sees only what it made itself. */
export async function removeStrange(path: string, index: ContentIndex): Promise<void> {
  if (index.look(path).kind !== 'file') return;
  await rm(path, { force: true });
  index.forget([path]);
}

/** Before Go is asked, which sets the times of what it finds up to date: the published file is another one from then on. */
export async function unshare(path: string, index: ContentIndex): Promise<void> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.nlink === 1) return;
  await withTemporary(path, async (temporary) => {
    await copyFile(path, temporary, constants.COPYFILE_FICLONE);
    await utimes(temporary, stat.atime, stat.mtime);
    await rename(temporary, path);
  });
  index.forget([path]);
}
