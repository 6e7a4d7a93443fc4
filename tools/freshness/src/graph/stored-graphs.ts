import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../store/port.ts';
import type { GraphExchange } from './shared-graph.ts';

/** Graphs in the store, and so in a cache that is shared: believed as any other record. `directory` is for files on their way. */
export function storedGraphs(store: Store, directory: string, scope?: string): GraphExchange {
  const path = join(directory, `graph-${process.pid}`);
  return {
    async get(key) {
      const record = await store.find(key);
      const [file] = record?.files ?? [];
      if (file === undefined) return undefined;
      await mkdir(directory, { recursive: true });
      try {
        return (await store.take(file, path)) ? await readFile(path, 'utf8') : undefined;
      } finally {
        await rm(path, { force: true });
      }
    },
    async set(key, text) {
      await mkdir(directory, { recursive: true });
      try {
        await writeFile(path, text);
        await store.add({ key, parts: { kind: 'package graph' }, scope }, [{ name: 'graph', path }]);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}
