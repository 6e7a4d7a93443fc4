import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Another layout or record format uses another directory, because several versions of slipway may share a machine. */
const VERSION = 'v1';
/**
 * Two builds wait unnecessarily if their keys share a lock, so there are many. Each is an empty file that stays, so
 * there are not more.
 */
const LOCK_DIGITS = 3;

export interface StoreLayout {
  file(digest: string): string;
  record(key: string): string;
  /** The lock of all keys with this beginning. */
  keyLock(key: string): string;
  readonly files: string;
  readonly records: string;
  readonly pruneLock: string;
  readonly temporaries: string;
  readonly sizes: string;
}

export function storeLayout(directory: string): StoreLayout {
  const root = join(directory, VERSION);
  const below = (folder: string, digest: string): string =>
    join(root, folder, checked(digest).slice(0, 2), digest.slice(2));
  return {
    file: (digest) => below('cas', digest),
    record: (key) => `${below('records', key)}.json`,
    keyLock: (key) => join(root, 'locks', checked(key).slice(0, LOCK_DIGITS)),
    files: join(root, 'cas'),
    records: join(root, 'records'),
    pruneLock: join(root, 'locks', 'prune'),
    temporaries: join(root, 'tmp'),
    sizes: join(root, 'sizes'),
  };
}

export const isDigest = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

function checked(digest: string): string {
  if (!isDigest(digest)) throw new TypeError(`${JSON.stringify(digest)} is not a sha256 in hex`);
  return digest;
}

export interface LayoutEntry {
  readonly path: string;
  /** Key or digest; undefined for another file name. */
  readonly digest: string | undefined;
}

/** The entries of `files` or (suffix `.json`) `records`; empty if unreadable. */
export async function* entriesOf(directory: string, suffix = ''): AsyncGenerator<LayoutEntry> {
  for (const folder of (await readdir(directory).catch(() => [])).sort()) {
    for (const name of (await readdir(join(directory, folder)).catch(() => [])).sort()) {
      const digest = folder + (name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : '');
      yield { path: join(directory, folder, name), digest: isDigest(digest) ? digest : undefined };
    }
  }
}
