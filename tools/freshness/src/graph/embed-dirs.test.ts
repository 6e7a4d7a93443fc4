import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { embedDirs, firstSegments, segmentPattern } from './embed-dirs.ts';

it('finds the directories whose file names affect embedding', () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-embed-'));
  try {
    for (const dir of ['data/one/deep', 'data/.hidden/deep', 'data/two', 'other/one', '.git/x']) {
      mkdirSync(join(root, dir), { recursive: true });
    }
    const found = (...patterns: string[]): string[] => embedDirs(root, patterns).map((dir) => relative(root, dir));
    expect(found('*.txt')).toEqual([]);
    expect(found('data')).toEqual(['data', 'data/one', 'data/one/deep', 'data/two']);
    expect(found('all:data')).toEqual([
      'data',
      'data/.hidden',
      'data/.hidden/deep',
      'data/one',
      'data/one/deep',
      'data/two',
    ]);
    expect(found('data/t*/x.txt', 'o*er/one')).toEqual(['data', 'data/two', 'other', 'other/one']);
    expect(found('nowhere/at/all')).toEqual([]);
    expect(found('.')).toEqual(['data', 'data/one', 'data/one/deep', 'data/two', 'other', 'other/one']);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('matches a segment as Go does, and a class matches any letter', () => {
  const matches = (pattern: string, name: string): boolean => segmentPattern(pattern).test(name);
  expect(['*.go', 'a?c', 'a.c', '\\*', 'a[b-d]c', 'ü*'].map((one) => matches(one, 'abc'))).toEqual([
    false,
    true,
    false,
    false,
    true,
    false,
  ]);
  expect([matches('*.go', 'x.go'), matches('*.go', 'xxgo'), matches('\\*', '*'), matches('ü+*', 'ü+x')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(firstSegments(['all:data/x', 'data', '*.txt'])).toEqual(['*.txt', 'data']);
});
