import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters';
import type { Environment } from '@slipway/model';

const MOST_BYTES = 20 * 2 ** 30;
const SHARE_OF_DISK = 0.1;

/** Where this user's store is and how large it may become; undefined without a home. */
export async function defaultStoreOptions(
  env: Environment,
): Promise<{ readonly directory: string; readonly maxBytes: number } | undefined> {
  const caches = cacheDirectory(env);
  if (caches === undefined) return undefined;
  const directory = join(caches, 'store');
  return { directory, maxBytes: Math.min(MOST_BYTES, Math.floor((await diskSize(directory)) * SHARE_OF_DISK)) };
}

/** Of the disk the directory is on, or will be. */
async function diskSize(path: string): Promise<number> {
  const found = await statfs(path).catch(() => undefined);
  if (found !== undefined) return found.bsize * found.blocks;
  return path === dirname(path) ? Infinity : diskSize(dirname(path));
}
