import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goScratch } from './go-scratch.ts';

const temporary = join(tmpdir(), `slipway-${userInfo().uid}`);

test("Go works in the user's cache directory, and not in a tree that holds it", () => {
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

test('Go does not work where nothing can be written', () => {
  expect(goScratch('/absent', '/proc/slipway')).toBe(temporary);
});
