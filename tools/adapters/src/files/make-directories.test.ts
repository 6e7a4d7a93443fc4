import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDirectories } from './make-directories.ts';

const base = mkdtempSync(join(tmpdir(), 'slipway-mkdir-'));
afterAll(() => rmSync(base, { recursive: true }));

test('makeDirectories creates missing directories, returns the topmost one, and accepts existing ones', () => {
  expect(makeDirectories(join(base, 'a/b/c'), 0o700)).toBe(join(base, 'a'));
  expect(statSync(join(base, 'a/b')).mode & 0o777).toBe(0o700);
  expect(makeDirectories(join(base, 'a/b/c'))).toBeUndefined();
  expect(makeDirectories('/')).toBeUndefined();
  mkdirSync(join(base, 'there'));
  symlinkSync('there', join(base, 'link'));
  expect(makeDirectories(join(base, 'link'))).toBeUndefined();
  expect(makeDirectories(join(base, 'link/x'))).toBe(join(base, 'link/x'));
});

test('a file or a dangling link in the path is an error', () => {
  writeFileSync(join(base, 'file'), '');
  symlinkSync('nowhere', join(base, 'dangling'));
  expect(() => makeDirectories(join(base, 'file'))).toThrow('EEXIST');
  expect(() => makeDirectories(join(base, 'file/below'))).toThrow('ENOTDIR');
  expect(() => makeDirectories(join(base, 'dangling'))).toThrow('EEXIST');
  expect(() => makeDirectories(join(base, 'dangling/below'))).toThrow(/EEXIST|NOT_WRITABLE/);
});

test('makeDirectories fails if the file system creates no directories', ({ skip }) => {
  skip(!existsSync('/proc/self'), 'there is no /proc');
  expect(() => makeDirectories('/proc/slipway/x')).toThrow(
    'NOT_WRITABLE: /proc/slipway cannot be written: no directory can be made in /proc',
  );
});
