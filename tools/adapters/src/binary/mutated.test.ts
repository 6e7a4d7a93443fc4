import {
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
  copyFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '@slipway/model';
import { always, fc } from '@slipway/testing/properties';
import { realCommandRunner } from '../process/real.ts';
import { readBinary, readBinaryHeader } from './read-binary.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-mutated-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(join(dir, 'go.mod'), 'module example.org/small\n\ngo 1.21\n');
writeFileSync(join(dir, 'main.go'), 'package main\n\nfunc main() { println("small") }\n');

/** A platform for each reader, each width and each byte order. */
const platforms = ['linux/amd64', 'linux/386', 'linux/s390x', 'darwin/arm64', 'windows/amd64'];

async function build(platform: string): Promise<string> {
  const [GOOS = '', GOARCH = ''] = platform.split('/');
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOOS, GOARCH };
  const path = join(dir, platform.replace('/', '-'));
  const { exit, output } = await realCommandRunner().run({ argv: ['go', 'build', '-o', path, '.'], cwd: dir, env });
  if (exit !== 0) throw new Error(output);
  return path;
}

/** Values that no number in a header should have. */
const strange = fc.oneof(
  fc
    .constantFrom('00', 'ff', '7f', '80')
    .chain((byte) => fc.integer({ min: 1, max: 8 }).map((width) => byte.repeat(width))),
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);
/** Headers are at the beginning, tables of sections at the end or after it, and Go's own data is between. */
const place = fc.oneof(
  { weight: 4, arbitrary: fc.record({ in: fc.constant('head' as const), at: fc.nat(4096) }) },
  {
    weight: 2,
    arbitrary: fc.record({ in: fc.constant('build info' as const), at: fc.integer({ min: -16, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.record({ in: fc.constant('tail' as const), at: fc.nat(8192) }) },
);
const mutation = fc.record({
  changes: fc.array(fc.record({ place, bytes: strange }), { minLength: 1, maxLength: 8 }),
  cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }),
});

/** More than a header needs, and less than a number in one may request. */
const MEMORY = 4 * limits.binary.read;

describe.each(platforms)('a program of Go for %s with changes anywhere', (platform) => {
  test('is read, with a problem or without, in little memory', async () => {
    const original = await build(platform);
    const changed = `${original}-changed`;
    const { size } = statSync(original);
    const all = Buffer.alloc(size);
    const file = openSync(original, 'r');
    readSync(file, all, 0, size, 0);
    closeSync(file);
    const info = all.indexOf(Buffer.from('\xff Go buildinf:', 'latin1'));
    expect(info).toBeGreaterThan(0);
    expect(await readBinaryHeader(original)).toMatchObject({ platform, problem: undefined });
    copyFileSync(original, changed);
    const start = { head: 0, 'build info': info, tail: size - 8192 };
    let most = 0;
    await always(mutation, async ({ changes, cut }) => {
      const handle = openSync(changed, 'r+');
      const places = changes.map((change) => ({
        at: Math.max(0, start[change.place.in] + change.place.at),
        bytes: Buffer.from(change.bytes, 'hex'),
      }));
      for (const { at, bytes } of places) writeSync(handle, bytes, 0, bytes.length, at);
      if (cut !== null) truncateSync(changed, Math.floor(cut * size));
      const before = process.memoryUsage().arrayBuffers;
      const header = await readBinaryHeader(changed);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      expect(['elf', 'macho', 'pe', 'other']).toContain(header.format);
      if (cut !== null) writeSync(handle, all, 0, size, 0);
      for (const { at, bytes } of places) writeSync(handle, all, at, Math.min(bytes.length, size - at), at);
      truncateSync(changed, size);
      closeSync(handle);
    });
    expect(most).toBeLessThan(MEMORY);
    // Each case began with the whole program, because the changes were undone.
    expect((await readBinary(changed)).sections).toEqual((await readBinary(original)).sections);
  });
});
