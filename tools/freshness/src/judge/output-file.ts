import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path/posix';

/** Milliseconds in which two writes may have one time; see isSettled of the index. */
export const FILE_TICK = 12;

/** Equal to no key. */
export const NO_KEY = '';

export const isExecutable = (path: string): boolean =>
  process.platform === 'win32' || ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;

/** Paths of a plan are relative to its root, or absolute. */
export const pathOf = (root: string, path: string): string => (isAbsolute(path) ? path : join(root, path));
