import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { limits } from '@slipway/model';
import { openDisk } from './disk.ts';

const { readHead, readText } = openDisk();

const dir = mkdtempSync(join(tmpdir(), 'slipway-disk-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);

test('a pipe, a device or an endless file in a tree is refused before it is read', () => {
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync('/dev/zero', at('device'));
  writeFileSync(at('large'), '');
  truncateSync(at('large'), limits.source.bytes + 1);
  for (const name of ['pipe', 'device', 'large'])
    expect(() => readText(at(name)), name).toThrow(/BAD_FILE|is not read/);
  for (const name of ['pipe', 'device']) expect(() => readHead(at(name), 10), name).toThrow(/is not read/);
});

test('a plain file, a link to one and the empty device can be read', () => {
  writeFileSync(at('plain'), 'text');
  symlinkSync('plain', at('link'));
  expect([readText(at('plain')), readText(at('link')), readText(devNull)]).toEqual(['text', 'text', '']);
  expect([readText(at('absent')), readText(dir)]).toEqual([undefined, undefined]);
});

test('a disk records its own lookups, not those of another disk', () => {
  const [disk, other] = [openDisk(), openDisk()];
  writeFileSync(at('there'), '');
  symlinkSync('there', at('led'));
  disk.readText(at('there'));
  disk.isFile(at('missing'));
  disk.listDirectory(dir);
  other.isProgram(at('program'));
  expect(disk.pathsRead()).toEqual(expect.arrayContaining([at('there'), at('missing'), dir, at('led')]));
  expect(other.pathsRead()).toEqual([at('program')]);
});
