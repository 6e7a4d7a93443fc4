import { chmodSync, statSync } from 'node:fs';
import type { Environment } from '@slipway/model';
import { cacheDirectory } from './cache-directory.ts';
import { makeDirectories } from './make-directories.ts';

/** Makes the directory with mode 0700. */
export function makeCacheDirectory(env: Environment): string | undefined {
  const place = cacheDirectory(env);
  if (place === undefined) return undefined;
  try {
    makeDirectories(place, 0o700);
    if ((statSync(place).mode & 0o077) !== 0) chmodSync(place, 0o700);
    return place;
  } catch {
    return undefined;
  }
}
