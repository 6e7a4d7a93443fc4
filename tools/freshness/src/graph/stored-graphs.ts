import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporary } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { prepareDirectory } from '../files/place.ts';
import type { Store } from '../store/port.ts';
import type { GraphExchange } from './shared-graph.ts';

/**
 * Graphs in the store and in a shared cache, with the same trust as other records. `directory` is for files in
 * transfer. Files that a shared cache reads until the run ends stay there, one for each key.
 */
export function storedGraphs(store: Store, directory: string, ownScope?: string): GraphExchange {
  return {
    async get(key) {
      const record = await store.find(key, 'to explain');
      const [file] = record?.files ?? [];
      if (record === undefined || file === undefined) return undefined;
      return orNothing(directory, async (path) => {
        const text = (await store.take(file, path)) ? await readFile(path, 'utf8') : undefined;
        await rm(path, { force: true });
        return text === undefined ? undefined : { text, scope: record.scope };
      });
    },
    async set(key, { text, scope = ownScope }) {
      await orNothing(directory, async (path) => {
        await writeFile(path, text);
        const sent = join(directory, key);
        await rename(path, sent);
        await store.add({ key, parts: { kind: 'package graph' }, scope }, [{ name: 'graph', path: sent }]);
      });
    },
  };
}

/**
 * Several transfers run in parallel, because platforms are looked up in parallel. On a disk error Go is called, and
 * nothing is kept.
 */
async function orNothing<T>(directory: string, work: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    await prepareDirectory(directory);
    return await withTemporary(join(directory, 'graph'), work);
  } catch (error) {
    if (error instanceof FailureError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
