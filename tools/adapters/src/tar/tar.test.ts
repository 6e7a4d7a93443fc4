import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { type ArchiveEntry, FailureError } from '@slipway/model';
import { realOutputFiles } from '../files/real.ts';
import { openNameless } from '../files/temporary.ts';
import { type CompressedBlocks, compressedBlocks } from './compressed-blocks.ts';
import { compressBytes, gzip, zstd } from './compress-bytes.ts';
import type { Bytes } from './port.ts';
import { readArchive } from './read-archive.ts';
import { realArchiveWriter } from './real.ts';
import { tarBytes } from './tar-bytes.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-tar-'));
afterAll(() => rmSync(dir, { recursive: true }));

const TIME = 1_700_000_001;

async function whole(bytes: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function* inPieces(bytes: Buffer, size: number): Bytes {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The list that GNU tar prints of an archive. */
function listed(tar: Buffer): string[] {
  const path = join(dir, 'listed.tar');
  writeFileSync(path, tar);
  const argv = ['--utc', '--numeric-owner', '--full-time', '--quoting-style=literal', '-tvf', path];
  return execFileSync('tar', argv, { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] } })
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));
}

const tarOf = (...entries: ArchiveEntry[]): Promise<Buffer> => whole(tarBytes({ entries, root: dir, time: TIME }));

describe('an archive', () => {
  const when = '2023-11-14 22:13:21';
  writeFileSync(join(dir, 'large'), Buffer.alloc(3_000_001, 'ab'));
  const deep = `${'directory/'.repeat(30)}file`;
  const cases: Readonly<Record<string, { readonly entry: ArchiveEntry; readonly is: string }>> = {
    'a file': { entry: { path: 'a/b', file: 'large', mode: 0o755 }, is: `-rwxr-xr-x 0/0 3000001 ${when} a/b` },
    'a text': { entry: { path: 'a', text: 'grüße', mode: 0o644 }, is: `-rw-r--r-- 0/0 7 ${when} a` },
    'nothing in a file': { entry: { path: 'a', text: '', mode: 0o600 }, is: `-rw------- 0/0 0 ${when} a` },
    'a directory': { entry: { path: 'a', directory: true }, is: `drwxr-xr-x 0/0 0 ${when} a/` },
    'a link': { entry: { path: 'a', link: '../b' }, is: `lrwxrwxrwx 0/0 0 ${when} a -> ../b` },
    'a long path': { entry: { path: deep, text: 'x', mode: 0o644 }, is: `-rw-r--r-- 0/0 1 ${when} ${deep}` },
    'a long link': { entry: { path: 'a', link: deep }, is: `lrwxrwxrwx 0/0 0 ${when} a -> ${deep}` },
    'a name that is not ASCII': {
      entry: { path: 'größe', text: 'x', mode: 0o644 },
      is: `-rw-r--r-- 0/0 1 ${when} größe`,
    },
  };
  test.each(Object.entries(cases))('of %s is readable by tar', async (_name, { entry, is }) => {
    expect(listed(await tarOf(entry))).toEqual([is]);
  });

  test('has the contents of the files', async () => {
    writeFileSync(
      join(dir, 'two.tar'),
      await tarOf({ path: 'x', file: 'large', mode: 0o644 }, { path: 'y', text: 'y', mode: 0o644 }),
    );
    const member = (name: string) => execFileSync('tar', ['-xOf', join(dir, 'two.tar'), name], { maxBuffer: 1 << 26 });
    expect(member('x').equals(readFileSync(join(dir, 'large')))).toBe(true);
    expect(member('y').toString()).toBe('y');
  });

  test('has the capabilities of a program in the format of the kernel', async () => {
    const tar = await tarOf({ path: 'x', file: 'large', mode: 0o755, capabilities: [10] });
    const value = Buffer.from('0100000200040000000000000000000000000000', 'hex');
    const record = Buffer.concat([Buffer.from('57 SCHILY.xattr.security.capability='), value, Buffer.from('\n')]);
    expect(tar.indexOf(record)).toBe(512);
    expect(listed(tar)).toEqual([`-rwxr-xr-x 0/0 3000001 ${when} x`]);
  });

  test('is not written if a file is missing, or grows while it is read', async () => {
    await expect(tarOf({ path: 'x', file: 'nowhere', mode: 0o644 })).rejects.toThrow(/^FILE_MISSING: .*nowhere/);
    writeFileSync(join(dir, 'growing'), 'x'.repeat(100));
    const to = join(dir, 'out/grown.tar');
    const entries: ArchiveEntry[] = [{ path: 'x', file: 'growing', mode: 0o644 }];
    const grown = async function* (): Bytes {
      for await (const piece of tarBytes({ entries, root: dir, time: TIME })) {
        appendFileSync(join(dir, 'growing'), 'more');
        yield piece;
      }
    };
    await expect(realOutputFiles().writeBytesWhole(to, grown())).rejects.toThrow(FailureError);
    expect(readdirSync(join(dir, 'out'))).toEqual([]);
  });
});

describe('a zip file', () => {
  const entries: ArchiveEntry[] = [
    { path: 'd', directory: true },
    { path: 'd/program.exe', file: 'large', mode: 0o755 },
    { path: 'größe', text: 'x', mode: 0o644 },
    { path: 'nothing', text: '', mode: 0o600 },
    { path: 'link', link: 'd/program.exe' },
  ];
  const written = async (name: string): Promise<string> => {
    await using writer = realArchiveWriter(realOutputFiles());
    const path = join(dir, name);
    await writer.write(path, { entries, root: dir, time: TIME });
    return path;
  };

  test('is read by other programs, with modes, times and links', async ({ skip }) => {
    skip(spawnSync('python3', ['--version']).error !== undefined, 'python3 is not installed');
    writeFileSync(join(dir, 'large'), Buffer.alloc(3_000_001, 'ab'));
    const script = `import sys, zipfile, hashlib
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist(): print(i.filename, oct(i.external_attr >> 16), '%04d-%02d-%02d %02d:%02d:%02d' % i.date_time, i.file_size, hashlib.md5(z.read(i)).hexdigest())`;
    const said = execFileSync('python3', ['-c', script, await written('a.zip')], {
      encoding: 'utf8',
      env: { PYTHONIOENCODING: 'utf8', PATH: process.env['PATH'] },
    });
    const md5 = (text: string | Buffer): string => createHash('md5').update(text).digest('hex');
    // Rounded to two seconds by readers that do not know the extended time.
    const when = '2023-11-14 22:13:20';
    expect(said.trimEnd().split('\n')).toEqual([
      `d/ 0o40755 ${when} 0 ${md5('')}`,
      `d/program.exe 0o100755 ${when} 3000001 ${md5(readFileSync(join(dir, 'large')))}`,
      `größe 0o100644 ${when} 1 ${md5('x')}`,
      `nothing 0o100600 ${when} 0 ${md5('')}`,
      `link 0o120777 ${when} 13 ${md5('d/program.exe')}`,
    ]);
  });

  test('is read back as it was written, and refused with one wrong byte', async () => {
    writeFileSync(join(dir, 'large'), Buffer.alloc(3_000_001, 'ab'));
    const path = await written('d.zip');
    const { members, compression } = await readArchive(path);
    expect(compression).toEqual({ format: 'zip' });
    expect(
      members.map(({ path: name, kind, mode, mtime, size, target }) => [name, kind, mode, mtime, size, target]),
    ).toEqual([
      ['d', 'directory', 0o755, TIME, 0, undefined],
      ['d/program.exe', 'file', 0o755, TIME, 3_000_001, undefined],
      ['größe', 'file', 0o644, TIME, 1, undefined],
      ['nothing', 'file', 0o600, TIME, 0, undefined],
      ['link', 'link', 0o777, TIME, 0, 'd/program.exe'],
    ]);
    const bytes = readFileSync(path);
    for (const at of [500, bytes.length - 5, 3]) {
      const other = join(dir, 'damaged.zip');
      writeFileSync(other, bytes.with(at, bytes[at]! ^ 0xff));
      await expect(readArchive(other)).rejects.toThrow('BAD_ARCHIVE');
    }
  });

  test('has the same bytes each time', async () => {
    writeFileSync(join(dir, 'large'), Buffer.alloc(3_000_001, 'ab'));
    expect(readFileSync(await written('b.zip')).equals(readFileSync(await written('c.zip')))).toBe(true);
  });
});

test('a write that is stopped in the middle leaves nothing', async () => {
  const controller = new AbortController();
  const to = join(dir, 'stopped/x.tar.gz');
  const bytes = async function* (): Bytes {
    yield Buffer.alloc(1 << 20);
    controller.abort();
    yield Buffer.alloc(1 << 20);
    await new Promise(() => {});
  };
  await expect(realOutputFiles().writeBytesWhole(to, bytes(), controller.signal)).rejects.toThrow('abort');
  expect(readdirSync(join(dir, 'stopped'))).toEqual([]);
});

describe('compressed bytes', () => {
  const blocks = compressedBlocks(() => openNameless(dir));
  const frames = compressedBlocks(() => openNameless(dir));
  afterAll(async () => void (await blocks.close(), await frames.close()));

  const bytes = Buffer.concat([
    Buffer.alloc(700_000, 'text again, '),
    Buffer.from(Array.from({ length: 900_000 }, (_, i) => (i * i) >> 3)),
  ]);

  test.each([0, 1, 524_288, 524_289, bytes.length])(
    'of an input of %i bytes are readable by zlib and gzip',
    async (length) => {
      const packed = await whole(compressBytes(inPieces(bytes.subarray(0, length), 65_537), gzip, blocks));
      expect(gunzipSync(packed).equals(bytes.subarray(0, length))).toBe(true);
      expect(execFileSync('gzip', ['-dc'], { input: packed, maxBuffer: 1 << 26 }).length).toBe(length);
    },
  );

  test('in frames of zstd are read back, and a damaged frame is refused', async () => {
    const packed = await whole(compressBytes(inPieces(bytes, 65_537), zstd, frames));
    expect(zstdDecompressSync(packed).equals(bytes)).toBe(true);
    expect(packed.length).toBeLessThan(bytes.length / 2);
    packed[packed.length - 1]! ^= 1;
    expect(() => zstdDecompressSync(packed)).toThrow('checksum');
  });

  test('of incompressible content are hardly more than the content', async () => {
    const packed = await whole(compressBytes(inPieces(randomBytes(1_200_000), 1 << 20), gzip, blocks));
    const again = await whole(compressBytes(inPieces(packed, 1 << 20), gzip, blocks));
    expect(again.length).toBeLessThan(packed.length * 1.001);
    expect(gunzipSync(again).equals(packed)).toBe(true);
  });

  test('do not depend on the sizes of the pieces', async () => {
    const once = await whole(compressBytes(inPieces(bytes, bytes.length), gzip, blocks));
    const frame = await whole(compressBytes(inPieces(bytes, bytes.length), zstd, frames));
    for (const size of [999, 524_288, 1_000_000]) {
      expect((await whole(compressBytes(inPieces(bytes, size), gzip, blocks))).equals(once), `${size}`).toBe(true);
      expect((await whole(compressBytes(inPieces(bytes, size), zstd, frames))).equals(frame), `${size}`).toBe(true);
    }
    expect(once.length).toBeLessThan(bytes.length / 2);
  });

  test('of a file in two archives, in one of them deep inside, are made once', async () => {
    // The content does not repeat, and half of it can be saved. It is the same each time, because content decides where
    // blocks end.
    const pieces = createHash('shake256', { outputLength: 3_000_000 }).update('program').digest();
    const program = Buffer.from(pieces.map((byte) => byte & 15));
    writeFileSync(join(dir, 'program'), program);
    let compressed = 0;
    const counted: CompressedBlocks = {
      ...blocks,
      compressed: (block, compress) =>
        blocks.compressed(block, (missing) => {
          compressed += missing.length;
          return compress(missing);
        }),
    };
    const inside = await tarOf({ path: 'deep/program', file: 'program', mode: 0o755 });
    writeFileSync(join(dir, 'inside.tar'), inside);
    const first = await whole(compressBytes(inPieces(inside, 1 << 20), gzip, counted));
    expect(compressed).toBe(inside.length);
    const around = await tarOf(
      { path: 'before', text: 'x'.repeat(700_000), mode: 0o644 },
      { path: 'inside.tar', file: 'inside.tar', mode: 0o644 },
    );
    const second = await whole(compressBytes(inPieces(around, 1 << 20), gzip, counted));
    expect(compressed).toBeLessThan(inside.length + 700_000 + 2 * (1 << 20));
    expect(gunzipSync(first).equals(inside)).toBe(true);
    expect(gunzipSync(second).equals(around)).toBe(true);
    // The stored blocks change no byte.
    const alone = compressedBlocks(() => openNameless(dir));
    expect((await whole(compressBytes(inPieces(around, 999), gzip, alone))).equals(second)).toBe(true);
    await alone.close();
    expect(readdirSync(dir).filter((name) => name.includes('nameless'))).toEqual([]);
  });

  test('are made again if nothing can be stored', async () => {
    const nowhere = compressedBlocks(() => Promise.reject(new Error('the disk is full')));
    for (let time = 0; time < 2; time++)
      expect(gunzipSync(await whole(compressBytes(inPieces(bytes, 65_537), gzip, nowhere))).equals(bytes)).toBe(true);
    await nowhere.close();
  });

  test('a meter gets the sum of all members first, and then each piece as it is read', async () => {
    const archives = realArchiveWriter(realOutputFiles());
    writeFileSync(join(dir, 'one'), Buffer.alloc(3 << 20));
    writeFileSync(join(dir, 'two'), 'abc');
    const told: number[] = [];
    const meter = {
      expect: (more: number) => void told.push(-more),
      moved: (more: number) => void told.push(more),
    };
    const entries = ['one', 'two'].map((name) => ({ path: name, file: name, mode: 0o644 }));
    await archives.write(join(dir, 'metered.tar'), { entries, root: dir, time: 5, meter });
    expect(told).toEqual([-(3 << 20), -3, 1 << 20, 1 << 20, 1 << 20, 3]);
    told.length = 0;
    await archives.compress(join(dir, 'two'), join(dir, 'two.gz'), undefined, meter);
    expect(told).toEqual([-3, 3]);
  });

  test('of a file can be unpacked, and a file has a digest', async () => {
    const archives = realArchiveWriter(realOutputFiles());
    await archives.compress(join(dir, 'large'), join(dir, 'large.gz'));
    expect(gunzipSync(readFileSync(join(dir, 'large.gz'))).equals(readFileSync(join(dir, 'large')))).toBe(true);
    writeFileSync(join(dir, 'abc'), 'abc');
    expect(await archives.digest(join(dir, 'abc'), 'sha256')).toMatch(/^ba7816bf8f01cfea/);
    await expect(archives.compress(join(dir, 'nowhere'), join(dir, 'no.gz'))).rejects.toThrow('FILE_MISSING');
  });
});

test('files of an earlier set are removed, except those that differ from its checksums', async () => {
  const set = mkdtempSync(join(dir, 'set-'));
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const write = (name: string, text: string): void => writeFileSync(join(set, name), text);
  for (const name of ['a.tar.gz', 'a.tar.zst', 'changed', 'mine']) write(name, name);
  const lines = ['a.tar.gz', 'a.tar.zst', 'changed', 'gone'].map((name) => `${sha256(name)}  ${name}\n`);
  write('SHA256SUMS', lines.join(''));
  write('changed', 'by somebody');
  await using writer = realArchiveWriter(realOutputFiles());
  expect(await writer.removeFormer(join(set, 'SHA256SUMS'), ['a.tar.zst'])).toEqual(['a.tar.gz']);
  expect(readdirSync(set).sort()).toEqual(['SHA256SUMS', 'a.tar.zst', 'changed', 'mine']);
  write('SHA256SUMS', `${sha256('mine')}  ../${basename(set)}/mine\n`);
  expect(await writer.removeFormer(join(set, 'SHA256SUMS'), [])).toEqual([]);
  expect(await writer.removeFormer(join(set, 'none'), [])).toEqual([]);
});
