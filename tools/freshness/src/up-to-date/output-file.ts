import { hash } from 'node:crypto';
import { constants, readdirSync, statSync } from 'node:fs';
import { copyFile, rename, rm, utimes } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path/posix';
import { withTemporary } from '@slipway/adapters';
import type { ContentIndex } from '../index/port.ts';

/** Milliseconds within which two writes may have the same time; see isNotRacy of the index. */
export const FILE_TICK = 12;

/** Equals no key. */
export const NO_KEY = '';

export const isExecutable = (path: string): boolean =>
  process.platform === 'win32' || ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;

/** Files, and all files below directories. */
export const filesAmong = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
    const below = readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => !each.isDirectory());
    return below.map(({ parentPath, name }) => join(parentPath, name)).sort();
  });

/** The content and the executable bit of files, also below directories. Missing files are empty text. */
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

/** Go takes a file as finished if its first bytes say so. Removes files that Go did not make itself. */
export async function removeStrange(path: string, index: ContentIndex): Promise<void> {
  if (index.look(path).kind !== 'file') return;
  await rm(path, { force: true });
  index.forget([path]);
}

/** Called before Go, which sets the times of up-to-date files. It separates the published file from Go's file. */
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
