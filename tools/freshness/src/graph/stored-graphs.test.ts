import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { storedGraphs } from './stored-graphs.ts';

it('parallel transfers of graphs do not mix, and their files stay until they are sent', async () => {
  const place = mkdtempSync(join(tmpdir(), 'slipway-graph-'));
  try {
    const graphs = storedGraphs(openStore({ directory: join(place, 'store'), maxBytes: 1 << 30 }), join(place, 'way'));
    const keys = [...Array(8).keys()].map((one) => `${one}`.repeat(64));
    await Promise.all(keys.map((key) => graphs.set(key, { text: `graph ${key}`, scope: undefined })));
    const found = await Promise.all(keys.map((key) => graphs.get(key)));
    expect(found.map((one) => one?.text)).toEqual(keys.map((key) => `graph ${key}`));
    // Files that a shared cache may still be sending.
    expect(readdirSync(join(place, 'way'))).toHaveLength(keys.length);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

it('if nothing can be written there is no graph, and nothing fails', async () => {
  const place = mkdtempSync(join(tmpdir(), 'slipway-graph-'));
  try {
    writeFileSync(join(place, 'way'), 'a file in the place of the directory');
    const graphs = storedGraphs(openStore({ directory: join(place, 'store'), maxBytes: 1 << 30 }), join(place, 'way'));
    const key = 'a'.repeat(64);
    await graphs.set(key, { text: 'graph', scope: undefined });
    expect(await graphs.get(key)).toBeUndefined();
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
