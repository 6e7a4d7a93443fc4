import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { outputNames } from '@slipway/plan';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stashAway } from '@slipway/adapters';
import { type BinaryPlaces, binaryPlaces, restoreBinaries, stashOf } from './binary-places.ts';

let root = '';
let places: BinaryPlaces;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-aside-'));
  places = binaryPlaces(root, outputNames({}));
  await write('_output/local/bin/linux/amd64/tool', 'old');
  await symlink(join(root, '_output/local/bin/linux/amd64'), join(root, '_output/bin'));
  await write('_output/local/go/cache/kept', 'cache');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

const waiting = { onWait(): void {} };

async function expectAsBefore(): Promise<void> {
  expect(await readFile(join(root, '_output/local/bin/linux/amd64/tool'), 'utf8')).toBe('old');
  expect(await readlink(join(root, '_output/bin'))).toBe(join(root, '_output/local/bin/linux/amd64'));
  expect(existsSync(join(root, '_output/local/bin/linux/amd64/made'))).toBe(false);
  expect(existsSync(join(root, '_output/local/go/bin'))).toBe(false);
  expect(existsSync(join(root, '_output/local/go/cache/kept'))).toBe(true);
  expect(existsSync(join(root, '_output/compare/aside'))).toBe(false);
}

async function makeSomething(): Promise<void> {
  await write('_output/local/bin/linux/amd64/made', 'new');
  await write('_output/local/go/bin/made', 'new');
  await symlink('elsewhere', join(root, '_output/bin'));
}

test('the places are empty during a comparison, and restored afterwards', async () => {
  {
    await using _stash = await stashAway(stashOf(places));
    for (const place of [places.published, places.go, places.hostLink]) expect(existsSync(place)).toBe(false);
    expect(existsSync(join(root, '_output/local/go/cache/kept'))).toBe(true);
    await makeSomething();
  }
  await expectAsBefore();
});

test('a tree without binaries has none afterwards', async () => {
  await rm(join(root, '_output'), { recursive: true });
  {
    await using _stash = await stashAway(stashOf(places));
    await makeSomething();
  }
  for (const place of [places.published, places.go, places.hostLink]) expect(existsSync(place)).toBe(false);
});

test('after a kill during a build the next run restores the binaries', async () => {
  await stashAway(stashOf(places));
  await makeSomething();
  expect(await restoreBinaries(places, waiting)).toBe(true);
  await expectAsBefore();
  expect(await restoreBinaries(places, waiting)).toBe(false);
  await expectAsBefore();
});

test('after a kill during a build the next comparison restores the binaries first', async () => {
  await stashAway(stashOf(places));
  await makeSomething();
  {
    await using _stash = await stashAway(stashOf(places));
    await makeSomething();
  }
  await expectAsBefore();
});

test.each([[['published', 'hostLink']], [['published']], [['hostLink']]] as const)(
  'after a kill during a move, with %j moved back or not yet away, the binaries are restored',
  async (untouched) => {
    await stashAway(stashOf(places));
    for (const name of untouched) {
      await mkdir(dirname(places[name]), { recursive: true });
      await rename(join(places.compare, 'aside', name), places[name]);
    }
    await restoreBinaries(places, waiting);
    await expectAsBefore();
  },
);

test('after a kill before the journal was written nothing was moved or lost', async () => {
  await mkdir(join(places.compare, 'aside'), { recursive: true });
  await restoreBinaries(places, waiting);
  await expectAsBefore();
});
