import { expect, test } from 'vitest';
import { flags, targets } from '@slipway/catalog';
import type { Tree } from '@slipway/model';
import type { Asking } from '../services.ts';
import { help } from './help.ts';

/** The output outside of a tree, or in a tree with these commands. */
const said = async (args: readonly string[], commands: readonly string[] = []): Promise<readonly string[]> => {
  const tree = { commands: commands.map((name) => ({ name, kind: 'main', target: `cmd/${name}` })) } as unknown as Tree;
  return (await help({ args, tree: async () => tree } as unknown as Asking)).lines;
};

test('the first screen has at most 24 lines of 80 columns, ten flags and three examples, for every tree', async () => {
  const lines = await said(
    [],
    Array.from({ length: 60 }, (_, number) => `kube-command-${number}`),
  );
  expect(lines.length).toBeLessThanOrEqual(24);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  expect(flags.filter((flag) => 'brief' in flag)).toHaveLength(10);
  expect(lines.filter((line) => line.startsWith('slipway ')).length).toBeGreaterThanOrEqual(3);
  for (const { name } of targets.filter((row) => !('rare' in row))) expect(lines.join(' ')).toContain(name);
});

test.each([
  ['release', ['release   (Targets: release)', 'release   (Profiles)', 'release   (Fields of slipway.config.ts)']],
  ['KUBE_BUILD_PLATFORMS', ['KUBE_BUILD_PLATFORMS']],
  ['jobs', ['-j, --jobs N']],
  ['-k', ['-k, --keep-going']],
  ['versionPackages', ['versionPackages']],
  ['kubectl', ['kubectl']],
  ['exit-codes', ['Exit codes:', '130']],
  ['flags', ['Flags:', '--report']],
])('help %s', async (word, lines) => {
  expect(await said([word], ['kubectl'])).toEqual(expect.arrayContaining(lines));
});

test('help for an unknown word suggests the nearest', async () => {
  await expect(said(['KUBE_BUILD_PLATFORM'])).rejects.toThrow('UNKNOWN_TARGET');
});
