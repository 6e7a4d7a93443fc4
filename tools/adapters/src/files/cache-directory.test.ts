import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory, cacheRefusal } from './cache-directory.ts';

test('a place nobody can reach is not used, and that is said with its path; one that is not there may be made', () => {
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
