import { join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters/cache-directory';
import type { Environment } from '@slipway/model';

/** The directory of records of runs; undefined without a home directory. */
export const runRecordDirectory = (environment: Environment): string | undefined => {
  const caches = cacheDirectory(environment);
  return caches === undefined ? undefined : join(caches, 'runs');
};
