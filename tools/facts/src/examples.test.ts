import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig } from './config-file.ts';
import { openDisk } from './disk.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const examples = join(repository, 'docs/examples');
const trees = readdirSync(examples);

test.each(trees)('the example of %s loads, and its settings have at most ten lines', async (tree) => {
  const root = join(examples, tree);
  const lines = readFileSync(join(root, 'slipway.config.ts'), 'utf8').trim().split('\n');
  const settings = lines.filter((line) => !/^(?:|import .*|export default \{|\} satisfies Config;)$/.test(line));
  expect(settings.length).toBeLessThanOrEqual(10);
  expect(await readConfig({ root, disk: openDisk() })).toBeTypeOf('object');
});

test('the examples have the types of a configuration', () => {
  const place = mkdtempSync(join(tmpdir(), 'slipway-examples-'));
  try {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, module: 'nodenext', target: 'es2024', types: [], skipLibCheck: true },
      paths: { slipway: [join(repository, 'tools/catalog/src/config.ts')] },
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [`${examples}/**/*.ts`] }));
    const checked = spawnSync(join(repository, 'node_modules/.bin/tsc'), ['-p', place], { encoding: 'utf8' });
    expect([checked.stdout, checked.status]).toEqual(['', 0]);
  } finally {
    rmSync(place, { recursive: true });
  }
});
