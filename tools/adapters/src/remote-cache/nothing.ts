import type { RemoteCache } from './port.ts';

/** For who has no cache: it never has anything, and keeps nothing. */
export const nothingCached: RemoteCache = {
  result: async () => undefined,
  putResult: async () => {},
  missing: async () => [],
  read: async (blobs) => blobs.map(() => undefined),
  write: async () => {},
  download: () => Promise.reject(new Error('nothing is cached')),
  upload: async () => {},
  lost: 0,
  moved: { read: 0, written: 0 },
  close() {},
};
