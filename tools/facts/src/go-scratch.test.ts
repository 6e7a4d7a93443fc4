import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goScratch } from './go-scratch.ts';

const temporary = join(tmpdir(), `slipway-${userInfo().uid}`);

test("Go works in the user's cache directory, but not if that is in the tree", () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-scratch-')));
  try {
    const caches = join(base, 'home/.cache/slipway');
    mkdirSync(caches, { recursive: true });
    expect(goScratch(join(base, 'tree'), caches)).toBe(join(caches, 'tmp'));
    expect(goScratch(join(base, 'home'), caches)).toBe(temporary);
    expect(goScratch(join(base, 'tree'), undefined)).toBe(temporary);
  } finally {
    rmSync(base, { recursive: true });
  }
});

test('Go does not work in a directory that cannot be written', () => {
  expect(goScratch('/absent', '/proc/slipway')).toBe(temporary);
});
