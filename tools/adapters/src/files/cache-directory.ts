import { isAbsolute, join } from 'node:path';
import type { CacheDirectory } from './port.ts';

/** A relative XDG_CACHE_HOME is to be ignored, says the XDG base directory specification; it would lie in the tree. */
export const cacheDirectory: CacheDirectory = (env) => {
  const named = env['XDG_CACHE_HOME'] ?? '';
  const base = isAbsolute(named) ? named : env['HOME'] ? join(env['HOME'], '.cache') : undefined;
  return base === undefined ? undefined : join(base, 'slipway');
};
