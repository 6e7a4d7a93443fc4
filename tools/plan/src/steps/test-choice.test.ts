import { expect, test } from 'vitest';
import { choiceFlags, choosePackages } from './test-choice.ts';

const packages = Array.from({ length: 40 }, (_, index) => ({
  ...{ importPath: `m/p${index}`, dir: `p${index}`, moduleDir: '.' },
}));
const names = (of: number, nth: number, among = packages): string[] =>
  choosePackages(among, { shard: { nth, of } }).chosen.map(({ importPath }) => importPath);

test('every package is in one shard, and stays there when other packages are added', () => {
  const shards = [1, 2, 3].map((nth) => names(3, nth));
  expect(shards.flat().sort()).toEqual(packages.map(({ importPath }) => importPath).sort());
  expect(shards.every((shard) => shard.length > 5)).toBe(true);
  expect(names(3, 2, packages.slice(0, 20))).toEqual(
    shards[1]!.filter((name) => packages.slice(0, 20).some(({ importPath }) => importPath === name)),
  );
});

test('lists narrow each other, by import path or directory, with a note of the result', () => {
  const { chosen, notes } = choosePackages(packages, {
    only: [
      { words: 'failed', packages: ['m/p1', 'm/p2', 'm/gone'] },
      { words: 'affected', packages: ['./p2', './p3'] },
    ],
  });
  expect(chosen.map(({ importPath }) => importPath)).toEqual(['m/p2']);
  expect(notes).toEqual([
    { what: 'failed', why: '2 of 40 packages' },
    { what: 'affected', why: '1 of 2 packages' },
  ]);
  expect(choosePackages(packages, { only: [{ words: 'none', packages: [] }] }).chosen).toEqual([]);
});

test('the choice of tests becomes flags of go test', () => {
  expect(choiceFlags({ run: 'TestA|TestB', skip: 'Slow', runs: 3 })).toEqual([
    '-run=TestA|TestB',
    '-skip=Slow',
    '-count=3',
  ]);
  expect(choiceFlags()).toEqual([]);
});
