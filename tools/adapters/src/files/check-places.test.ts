import { lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { checkPlaces } from './check-places.ts';

const base = mkdtempSync(join(tmpdir(), 'slipway-places-'));
let root: string;
let elsewhere: string;
beforeEach(() => {
  const directory = mkdtempSync(join(base, 'd-'));
  root = join(directory, 'tree');
  elsewhere = join(directory, 'elsewhere');
  for (const each of [root, elsewhere]) mkdirSync(each);
});
afterAll(() => rmSync(base, { recursive: true }));

const check = (place: string, more: { output?: string; tracked?: readonly string[] } = {}): Promise<void> =>
  checkPlaces([join(root, place)], {
    root,
    output: join(root, more.output ?? '_output'),
    isTracked: async (path) => more.tracked?.some((each) => join(root, each) === path) ?? false,
  });
const expectAllowed = (...place: Parameters<typeof check>) => expect(check(...place)).resolves.toBeUndefined();
const refused = (path: string) => ({ failures: [{ code: 'FOREIGN_LINK', path: join(root, path) }] });
const link = (path: string, target: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  symlinkSync(target, join(root, path));
};

describe('a place below the output', () => {
  test('may be absent, with all its parents', () => expectAllowed('_output/local/bin'));

  test('may be behind links of the user on the way to the output', async () => {
    link('disk', elsewhere);
    link('_output', elsewhere);
    await expectAllowed('_output/local/bin');
    await expectAllowed('disk/out/local', { output: 'disk/out' });
  });

  test('is refused behind a link that git tracks', async () => {
    link('disk', elsewhere);
    await expect(check('disk/out/local', { output: 'disk/out', tracked: ['disk'] })).rejects.toMatchObject(
      refused('disk'),
    );
  });

  test('is refused behind a link of another user', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can give a link to another user');
    link('_output', elsewhere);
    lchownSync(join(root, '_output'), 12_345, 12_345);
    await expect(check('_output/local')).rejects.toMatchObject(refused('_output'));
  });

  test('is built by root through a link of the owner of the tree', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root can give a link to another user');
    link('_output', elsewhere);
    for (const path of [root, join(root, '_output')]) lchownSync(path, 12_345, 12_345);
    await expectAllowed('_output/local');
  });

  test('is refused behind any link below the output', async () => {
    link('_output/local', elsewhere);
    await expect(check('_output/local/bin')).rejects.toMatchObject(refused('_output/local'));
    link('_output/other', 'nowhere');
    await expect(check('_output/other')).rejects.toMatchObject(refused('_output/other'));
  });
});

describe('a place among the sources', () => {
  test('may lie behind a link to another place of the tree', async () => {
    mkdirSync(join(root, 'staging/api'), { recursive: true });
    link('vendor/api', '../staging/api');
    await expectAllowed('vendor/api/v1');
  });

  test('is refused behind a link that leads out of the tree', async () => {
    link('a/b', elsewhere);
    await expect(check('a/b/c')).rejects.toMatchObject(refused('a/b'));
    link('up', '..');
    await expect(check('up')).rejects.toMatchObject(refused('up'));
  });
});

test('a place outside the output and the tree is not checked', () => expectAllowed('../elsewhere/x'));
