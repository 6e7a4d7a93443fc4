import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type ArchiveEntry, FailureError } from '@slipway/model';
import { always, fc } from '@slipway/testing/properties';
import { byteReader } from './byte-reader.ts';
import { membersOf } from './members-of.ts';
import { readArchive } from './read-archive.ts';
import { readTar } from './read-tar.ts';
import { tarBytes } from './tar-bytes.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-tar-'));
afterAll(() => rmSync(dir, { recursive: true }));

const TIME = 1_500_000_000;
const collected = async (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const copies: Buffer[] = [];
  for await (const piece of pieces) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
};
const tarOf = (entries: readonly ArchiveEntry[]): Promise<Buffer> =>
  collected(tarBytes({ entries, root: dir, time: TIME }));

/** Names that every reader accepts: short and long, in any script. */
const part = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter((text) => /^[^/\0\\]+$/.test(text) && !/^\.\.?$/.test(text) && text.isWellFormed());
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
const mode = fc.constantFrom(0o644, 0o755, 0o600);
const entry: fc.Arbitrary<ArchiveEntry> = fc.oneof(
  fc.record({ path, mode, text: fc.string({ maxLength: 2000 }) }),
  fc.record({ path, directory: fc.constant(true as const) }),
  fc.record({ path, link: path }),
);
const entries = fc.array(entry, { maxLength: 6 });

/** Pieces of any size, as from a network or a program. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Buffer, size: number) {
  const found = [];
  for await (const { member, at, bytes: content } of readTar(byteReader(inPieces(bytes, size))))
    found.push({ member, at, content: await collected(content) });
  return found;
}

test('an archive is read back as it was written: names, kinds, modes, targets and contents, in pieces of any size', () =>
  always(fc.tuple(entries, fc.integer({ min: 1, max: 3000 })), async ([all, size]) => {
    const found = await readAll(await tarOf(all), size);
    expect(
      found.map(({ member: { path: name, kind, mode: bits, target, mtime }, content }) => ({
        name,
        kind,
        bits,
        target,
        mtime,
        text: content.toString(),
      })),
    ).toEqual(
      all.map((each) => ({
        name: each.path,
        kind: 'link' in each ? 'link' : 'directory' in each ? 'directory' : 'file',
        bits: 'mode' in each ? each.mode : 'link' in each ? 0o777 : 0o755,
        target: 'link' in each ? each.link : undefined,
        mtime: TIME,
        text: 'text' in each ? Buffer.from(each.text).toString() : '',
      })),
    );
  }));

test('the same members have the same bytes in each version of slipway', async () => {
  writeFileSync(join(dir, 'program'), Buffer.from(Array.from({ length: 1500 }, (_, at) => at % 251)));
  const bytes = await tarOf([
    { path: 'a', directory: true },
    { path: 'a/program', file: 'program', mode: 0o755, capabilities: [10] },
    { path: 'a/größe', text: 'grüße\n', mode: 0o644 },
    { path: `${'deep/'.repeat(60)}x`, text: '', mode: 0o600 },
    { path: 'a/link', link: `../${'far/'.repeat(40)}x` },
  ]);
  expect(hash('sha256', bytes)).toBe('9b12fe3d39c40412f4ea410c46b2c5dff6e4555af8d2484a052fa4287103f0cb');
});

test('the position of a content is found without a read of the content', () =>
  always(entries, async (all) => {
    const bytes = await tarOf(all);
    const file = join(dir, 'x.tar');
    writeFileSync(file, bytes);
    const last = new Map(all.flatMap((each) => ('text' in each ? [[each.path, Buffer.from(each.text)] as const] : [])));
    const places = await membersOf(file);
    expect([...places.keys()].sort()).toEqual([...last.keys()].sort());
    for (const [name, { at, size }] of places) expect(bytes.subarray(at, at + size).equals(last.get(name)!)).toBe(true);
  }));

describe('an archive with some bytes changed is read, or refused with BAD_ARCHIVE', () => {
  const changes = fc.array(
    fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), by: fc.integer({ min: 1, max: 255 }) }),
    { minLength: 1, maxLength: 4 },
  );
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  const formats = {
    plain: (bytes: Buffer) => bytes,
    gzip: (bytes: Buffer) => gzipSync(bytes),
    zstd: (bytes: Buffer) => zstdCompressSync(bytes),
  };

  test.each(Object.entries(formats))('%s', (_name, compress) =>
    always(fc.tuple(entries, changes, fc.option(cut)), async ([all, changed, end]) => {
      const bytes = compress(await tarOf(all));
      for (const { at, by } of changed) bytes[Math.floor(at * (bytes.length - 1))]! ^= by;
      const file = join(dir, 'changed');
      writeFileSync(file, bytes.subarray(0, end === null ? bytes.length : Math.floor(end * bytes.length)));
      try {
        await readArchive(file);
      } catch (error) {
        if (!(error instanceof FailureError) || error.failures[0]?.code !== 'BAD_ARCHIVE') throw error;
      }
    }),
  );
});
