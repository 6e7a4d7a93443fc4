import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters';
import type { Environment } from '@slipway/model';

const MOST_BYTES = 20 * 2 ** 30;
const SHARE_OF_DISK = 0.1;

/** The directory and the maximum size of this user's store; undefined without a home directory. */
export async function defaultStoreOptions(
  env: Environment,
): Promise<{ readonly directory: string; readonly maxBytes: number } | undefined> {
  const caches = cacheDirectory(env);
  if (caches === undefined) return undefined;
  const directory = join(caches, 'store');
  return { directory, maxBytes: Math.min(MOST_BYTES, Math.floor((await diskSize(directory)) * SHARE_OF_DISK)) };
}

/** The size of the directory's disk. */
async function diskSize(path: string): Promise<number> {
  const found = await statfs(path).catch(() => undefined);
  if (found !== undefined) return found.bsize * found.blocks;
  return path === dirname(path) ? Infinity : diskSize(dirname(path));
}
