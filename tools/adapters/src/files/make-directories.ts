import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from './error-code.ts';

/**
 * Makes a directory and its missing parents, and returns the topmost one that it made. Its errors name the real
 * problem: `mkdir` of Node does not return if a file system creates no directories (/proc), and reports ENOENT for a
 * read-only one.
 */
export function makeDirectories(path: string, mode = 0o777): string | undefined {
  try {
    mkdirSync(path, mode);
    return path;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && dirname(path) !== path) return makeBelow(path, mode);
    if (isDirectory(path)) return undefined;
    throw error;
  }
}

function makeBelow(path: string, mode: number): string | undefined {
  const topmost = makeDirectories(dirname(path), mode);
  try {
    mkdirSync(path, mode);
    return topmost ?? path;
  } catch (error) {
    if (isDirectory(path)) return topmost;
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new FailureError({
      code: 'NOT_WRITABLE',
      path,
      fact: `no directory can be made in ${dirname(path)}`,
      hint: 'choose a place on a disk: OUT_DIR=, XDG_CACHE_HOME=, TMPDIR= or HOME=, whichever leads there',
    });
  }
}

const isDirectory = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};
