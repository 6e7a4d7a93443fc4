import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOutDir } from './out-dir.ts';

test('readOutDir reads the entries and the ignore file of OUT_DIR, and a missing directory has none', () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-out-dir-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'out/local/deep'), { recursive: true });
  writeFileSync(join(root, 'out/.gitignore'), '*\n');
  expect(readOutDir(root, 'out')).toEqual({ entries: ['.gitignore', 'local', 'local/deep'], ignore: '*\n' });
  expect(readOutDir('/', join(root, 'out'))).toEqual(readOutDir(root, 'out'));
  expect(readOutDir(root, 'none')).toBeUndefined();
  expect(readOutDir(root, undefined)).toBeUndefined();
});
