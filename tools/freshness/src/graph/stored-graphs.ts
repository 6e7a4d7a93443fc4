import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporary } from '@slipway/adapters';
import { prepareDirectory } from '../files/place.ts';
import type { Store } from '../store/port.ts';
import type { GraphExchange } from './shared-graph.ts';

/** Graphs in the store, and so in a cache that is shared: believed as any other record. `directory` is for files on their way. */
export function storedGraphs(store: Store, directory: string, ownScope?: string): GraphExchange {
  return {
    async get(key) {
      const record = await store.find(key, 'to explain');
      const [file] = record?.files ?? [];
      if (record === undefined || file === undefined) return undefined;
      return onItsWay(directory, async (path) => {
        const text = (await store.take(file, path)) ? await readFile(path, 'utf8') : undefined;
        await rm(path, { force: true });
        return text === undefined ? undefined : { text, scope: record.scope };
      });
    },
    async set(key, { text, scope = ownScope }) {
      // A shared cache reads the file until the run ends; the next run removes it.
      await onItsWay(directory, async (path) => {
        await writeFile(path, text);
        await store.add({ key, parts: { kind: 'package graph' }, scope }, [{ name: 'graph', path }]);
      });
    },
  };
}

/** Several are on their way at once: platforms are looked up beside each other. */
async function onItsWay<T>(directory: string, work: (path: string) => Promise<T>): Promise<T> {
  await prepareDirectory(directory);
  return withTemporary(join(directory, 'graph'), work);
}
