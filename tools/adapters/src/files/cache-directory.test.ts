import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory, cacheRefusal } from './cache-directory.ts';

test('an unreachable cache directory is not used, with a message that contains its path, and a missing one may be created', () => {
  const base = mkdtempSync(join(tmpdir(), 'slipway-caches-'));
  try {
    symlinkSync('loop', join(base, 'loop'));
    writeFileSync(join(base, 'file'), '');
    for (const [name, why] of [
      ['loop', 'ELOOP'],
      ['file', 'ENOTDIR'],
    ] as const) {
      const env = { XDG_CACHE_HOME: join(base, name) };
      expect(cacheDirectory(env)).toBeUndefined();
      expect(cacheRefusal(env)).toContain(
        `${base}/${name}/slipway is not used, and nothing is kept: it cannot be reached (${why})`,
      );
    }
    expect(cacheDirectory({ XDG_CACHE_HOME: join(base, 'absent') })).toBe(join(base, 'absent/slipway'));
    expect(cacheRefusal({ XDG_CACHE_HOME: join(base, 'absent') })).toBeUndefined();
  } finally {
    rmSync(base, { recursive: true });
  }
});
