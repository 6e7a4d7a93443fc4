import { join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters/cache-directory';
import type { Environment } from '@slipway/model';

/** Where records of runs are kept; undefined without a home. */
export const runRecordDirectory = (environment: Environment): string | undefined => {
  const caches = cacheDirectory(environment);
  return caches === undefined ? undefined : join(caches, 'runs');
};
