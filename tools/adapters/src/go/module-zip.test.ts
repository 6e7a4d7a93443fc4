import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BadZip, unpackModuleZip } from './module-zip.ts';
import { hashOfFiles, storedZip } from './zip-fixture.ts';

const prefix = 'example.org/m@v1.0.0/';
let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-zip-'));
});
afterAll(() => rm(base, { recursive: true }));

async function unpack(bytes: Buffer): Promise<{ directory: string; hash: Promise<string> }> {
  const dir = await mkdtemp(join(base, 'd-'));
  await writeFile(join(dir, 'zip'), bytes);
  return {
    directory: join(dir, 'to'),
    hash: unpackModuleZip({ zip: join(dir, 'zip'), prefix, directory: join(dir, 'to') }),
  };
}

test('unpackModuleZip writes the files, and returns the hash of go.sum', async () => {
  const files = {
    [`${prefix}go.mod`]: 'module example.org/m\n',
    [`${prefix}a/b.go`]: 'package b\n',
    [`${prefix}Z.md`]: '',
  };
  const { directory, hash } = await unpack(storedZip(files));
  expect(await hash).toBe(hashOfFiles(files));
  expect(await readFile(join(directory, 'a/b.go'), 'utf8')).toBe('package b\n');
});

test('the hash equals the one that Go computes', async () => {
  const files = { 'example.org/m@v1.0.0/go.mod': 'module example.org/m\n' };
  const { hash } = await unpack(storedZip(files));
  expect(await hash).toBe('h1:SHv8xlS1nn0m5ek7vjOqcCmCrGHeHk6xk5N1tbKBVgw=');
});

test.each([
  `${prefix}../../../escaped`,
  '../escaped',
  '/escaped',
  'example.org/other@v1.0.0/file',
  `${prefix}a/./b`,
  `${prefix}a//b`,
  `${prefix}directory/`,
  `${prefix}a\\..\\..\\b`,
])('%s is refused before anything is written', async (name) => {
  const { directory, hash } = await unpack(storedZip({ [`${prefix}go.mod`]: '', [name]: 'x' }));
  await expect(hash).rejects.toThrow(BadZip);
  await expect(readdir(directory)).rejects.toThrow('ENOENT');
});

test('nothing is written after the failure of one broken file among many', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `${prefix}d${i}/f`);
  const bytes = storedZip(Object.fromEntries(names.map((name) => [name, 'x'.repeat(1000)])));
  bytes[bytes.indexOf('PK\x03\x04', bytes.length / 3)] = 0;
  const { directory, hash } = await unpack(bytes);
  await expect(hash).rejects.toThrow(BadZip);
  const left = await readdir(directory);
  expect(left.length).toBeLessThan(200);
  await rm(directory, { recursive: true });
});

test('a truncated zip and another file are refused', async () => {
  const whole = storedZip({ [`${prefix}go.mod`]: 'module example.org/m\n' });
  await expect((await unpack(whole.subarray(0, -30))).hash).rejects.toThrow(BadZip);
  await expect((await unpack(Buffer.from('no zip'))).hash).rejects.toThrow(BadZip);
});
