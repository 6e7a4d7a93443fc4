import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sealWith } from '@slipway/adapters';
import { entryNow } from './entry.ts';
import { writeIndexFile } from './index-file.ts';
import { sha256 } from './fixtures/trial.ts';
import { copyKnown } from './known-contents.ts';

const base = mkdtempSync(join(tmpdir(), 'slipway-known-'));
afterAll(() => rmSync(base, { recursive: true }));
const seal = sealWith(() => Buffer.from('user'));
const other = sealWith(() => Buffer.from('other'));
const stored = { digest: sha256('right'), size: 5 };

/** A file that differs from its entry in an index. A copy of it shows that nobody hashed it. */
function wronglyKnown() {
  const dir = mkdtempSync(join(base, 'd-'));
  const [from, to] = [join(dir, 'from'), join(dir, 'to')];
  writeFileSync(from, 'wrong');
  const { dev, ino, size, mtimeMs, ctimeMs } = entryNow(from);
  const row = { dev, ino, size, mtimeMs, ctimeMs, directory: false, notRacy: true, header: undefined, age: 0 };
  writeIndexFile(join(dir, 'index'), new Map([['from', { ...row, digest: stored.digest }]]), seal);
  return { dir, from, to };
}

describe('a large file of the store', () => {
  test('is copied without hashing if nobody wrote to it since it was hashed', async () => {
    const { dir, from, to } = wronglyKnown();
    expect(await copyKnown(dir, seal)(from, to, stored)).toBe(true);
    expect(readFileSync(to, 'utf8')).toBe('wrong');
  });

  test("is hashed if its time changed, or if the index is another user's", async () => {
    const { dir, from, to } = wronglyKnown();
    expect(await copyKnown(dir, other)(from, to, stored)).toBe(false);
    utimesSync(from, 5, 5);
    expect(await copyKnown(dir, seal)(from, to, stored)).toBe(false);
  });

  test('is hashed if the caller expects another content than the index has', async () => {
    const { dir, from, to } = wronglyKnown();
    expect(await copyKnown(dir, seal)(from, to, { ...stored, digest: sha256('else') })).toBe(false);
  });

  test('is known after it was hashed, also to other processes', async () => {
    const dir = mkdtempSync(join(base, 'd-'));
    const [from, to] = [join(dir, 'from'), join(dir, 'to')];
    writeFileSync(from, 'right');
    utimesSync(from, 5, 5);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await copyKnown(dir, seal)(from, to, stored)).toBe(true);
    const kept = readFileSync(join(dir, 'index'));
    expect(await copyKnown(dir, seal)(from, to, stored)).toBe(true);
    // There was nothing new, so nothing was written.
    expect(readFileSync(join(dir, 'index'))).toEqual(kept);
    writeFileSync(from, 'wrong');
    utimesSync(from, 5, 5);
    expect(await copyKnown(dir, seal)(from, to, stored)).toBe(false);
  });
});
