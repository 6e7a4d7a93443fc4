import { join } from 'node:path';
import type { CacheDirectory } from './port.ts';

export const cacheDirectory: CacheDirectory = (env) => {
  const base = env['XDG_CACHE_HOME'] || (env['HOME'] ? join(env['HOME'], '.cache') : undefined);
  return base === undefined ? undefined : join(base, 'slipway');
};
