import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, writeSyntheticTree } from '@slipway/testing';
import { measure } from './measure.ts';
import { differingBinaries } from './same-bytes.ts';
import { binariesOf, byHandSide, planCall, slipwaySide } from './sides.ts';
import { Workspace } from './workspace.ts';

test('the calls by hand make the same bytes as slipway', async () => {
  await using workspace = new Workspace();
  const tree = workspace.path('tree');
  writeSyntheticTree(tree, { scale: 0.01, git: true });
  const environment = cleanEnvironment(workspace.path('home'));
  for (const name of ['slipway', 'byHand']) {
    // The measured sides have their own caches. This one is shared only to save time.
    mkdirSync(workspace.path(name), { recursive: true });
    mkdirSync(environment['GOCACHE']!, { recursive: true });
    symlinkSync(environment['GOCACHE']!, workspace.path(name, 'go-build'));
  }
  const starting = { workspace, tree, environment, slipway: resolve(import.meta.dirname, '../../cli/src/main.ts') };
  const slipway = slipwaySide(starting);
  const byHand = await byHandSide(starting);
  const measuring = { directory: workspace.directory, signal: workspace.signal };
  const samples = [
    await measure(slipway.build, measuring),
    await measure(byHand.build, measuring),
    await measure(planCall(starting), measuring),
  ];

  expect(binariesOf(byHand.plan)).toHaveLength(17);
  expect(differingBinaries(slipway, byHand)).toEqual([]);
  for (const sample of samples) {
    expect(sample.wall).toBeGreaterThan(0.05);
    expect(sample.cpu).toBeGreaterThan(0.05);
  }
  // The tree is unchanged.
  expect(existsSync(`${tree}/_output`)).toBe(false);
  // A difference is detected.
  expect(readdirSync(dirname(binariesOf(byHand.plan)[0]!))).toHaveLength(17);
  expect(differingBinaries({ ...slipway, output: workspace.path('nowhere') }, byHand)).toHaveLength(17);
});
