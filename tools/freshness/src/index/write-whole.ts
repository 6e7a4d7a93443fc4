import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** Writes a temporary file, then renames it. Readers find the old file or the new one. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  makeDirectories(dirname(file));
  // Loaded here, because the no-op check writes nothing.
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, bytes, { flag: 'wx' });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  sweep(file);
}

/** Removes leftovers of killed writers. No write takes ten minutes. */
function sweep(file: string): void {
  const prefix = `${basename(file)}.`;
  try {
    for (const name of readdirSync(dirname(file))) {
      if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
      const path = join(dirname(file), name);
      if (Date.now() - statSync(path).mtimeMs > 600_000) rmSync(path, { force: true });
    }
  } catch {
    // Another process removes leftovers as well.
  }
}
