import { statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '@slipway/model';
import type { CacheDirectory } from './port.ts';
import { errorCode } from './error-code.ts';

/**
 * The cache directory, if only this user can write to it: slipway trusts its content and runs some of it. The XDG base
 * directory specification says that a relative XDG_CACHE_HOME must be ignored; it would be in the tree.
 */
export const cacheDirectory: CacheDirectory = (env) => {
  const place = placeOf(env);
  return place === undefined || whyNot(place) !== undefined ? undefined : place;
};

/** The reason why the directory exists but is not used. */
export function cacheRefusal(env: Environment): string | undefined {
  const place = placeOf(env);
  const why = place && whyNot(place);
  return why === undefined ? undefined : `${place} is not used, and nothing is kept: ${why}`;
}

function placeOf(env: Environment): string | undefined {
  const named = env['XDG_CACHE_HOME'] ?? '';
  const base = isAbsolute(named) ? named : env['HOME'] ? join(env['HOME'], '.cache') : undefined;
  return base === undefined ? undefined : join(base, 'slipway');
}

function whyNot(place: string): string | undefined {
  const user = process.geteuid?.();
  const found = user === undefined ? undefined : look(place);
  if (found === undefined) return undefined;
  if (typeof found === 'string') return `it cannot be reached (${found}); set XDG_CACHE_HOME`;
  if (found.uid !== user) return `user ${found.uid} owns it, and slipway runs as user ${user}; set XDG_CACHE_HOME`;
  return (found.mode & 0o022) === 0
    ? undefined
    : `others may write to it; remove it, or chmod go-w it if you know them`;
}

/** Undefined for a missing directory, which may be created; a text says why slipway cannot tell. */
function look(place: string): { readonly uid: number; readonly mode: number } | string | undefined {
  try {
    return statSync(place);
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? undefined : (errorCode(error) ?? String(error));
  }
}
