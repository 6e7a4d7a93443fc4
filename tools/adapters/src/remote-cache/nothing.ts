import type { RemoteCache } from './port.ts';

/** A cache that is always empty. */
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
