import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { observedOf } from './observed.ts';

test('a place that cannot be looked at is an input, and no listing', () => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-observed-'));
  // For root, too, a link to itself cannot be followed.
  const loop = join(dir, 'loop');
  symlinkSync('loop', loop);
  try {
    const observed = observedOf({ opened: [join(loop, 'sh'), dir], looked: [], variables: [] }, []);
    expect(observed).toEqual({ files: [join(loop, 'sh'), dir], listings: [dir], variables: [] });
  } finally {
    rmSync(dir, { recursive: true });
  }
});
