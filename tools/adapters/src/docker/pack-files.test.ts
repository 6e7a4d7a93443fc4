import { execFileSync, spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { RefusedTar } from '../tar/read-tar.ts';
import { tarStream } from '../tar/tar-bytes.ts';
import { packDirectories, packFiles } from './pack-files.ts';
import { unpackFiles } from './unpack-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-pack-'));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => {
  rmSync(dir, { recursive: true });
  mkdirSync(join(dir, 'here'), { recursive: true });
});

const listed = async (archive: Readable): Promise<string[]> =>
  execFileSync('tar', ['--numeric-owner', '--utc', '-tvf', '-'], { input: await buffer(archive), encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));

describe('an archive for an engine', () => {
  test('of a directory has its files, in their order and without a time', async () => {
    writeFileSync(join(dir, 'here/b'), Buffer.from([0xff, 0, 1]));
    writeFileSync(join(dir, 'here/Dockerfile'), 'FROM scratch\n', { mode: 0o600 });
    expect(await listed(packFiles(join(dir, 'here')))).toEqual([
      '-rw-r--r-- 0/0 13 1970-01-01 00:00 Dockerfile',
      '-rw-r--r-- 0/0 3 1970-01-01 00:00 b',
    ]);
  });

  test('of directories has all parents, which belong to the user', async () => {
    expect(await listed(packDirectories('/go', ['src/a', 'src/b'], '1000:50'))).toEqual(
      ['go/', 'go/src/', 'go/src/a/', 'go/src/b/'].map((name) => `drwxr-xr-x 1000/50 0 1970-01-01 00:00 ${name}`),
    );
  });

  test('as a stream has the bytes of its files, even for a late reader', async () => {
    const content = Buffer.from(Array.from({ length: 3 << 20 }, (_, at) => at >> 12));
    writeFileSync(join(dir, 'large'), content);
    const stream = tarStream({ entries: [{ path: 'x', file: 'large', mode: 0o644 }], root: dir, time: 0 });
    const pieces = (await stream.toArray()) as Buffer[];
    expect(
      Buffer.concat(pieces)
        .subarray(512, 512 + content.length)
        .equals(content),
    ).toBe(true);
  });
});

/** The tar of a container with two names of one file and one long name. */
function sent(): { archive: Buffer; places: Map<string, string> } {
  const names = ['one', 'two', `${'long/'.repeat(40)}name`];
  mkdirSync(join(dir, 'there', 'long/'.repeat(40)), { recursive: true });
  writeFileSync(join(dir, 'there/one'), 'content', { mode: 0o750 });
  linkSync(join(dir, 'there/one'), join(dir, 'there/two'));
  writeFileSync(join(dir, 'there', names[2]!), '');
  const paths = names.map((name) => join(dir, 'there', name));
  const { stdout } = spawnSync('tar', ['-c', '-f', '-', '--absolute-names', '--hard-dereference', ...paths]);
  return { archive: stdout, places: new Map(paths.map((path, index) => [path, join(dir, 'here', names[index]!)])) };
}

describe('files that a container sends', () => {
  test('are written to their places, with their modes and times', async () => {
    const { archive, places } = sent();
    const [first] = places;
    await unpackFiles(Readable.from([archive]), places);
    expect(places.size).toBe(0);
    expect(readdirSync(join(dir, 'here'))).toEqual(['long', 'one', 'two']);
    expect(readFileSync(join(dir, 'here/two'), 'utf8')).toBe('content');
    const [from, to] = first!.map((path) => statSync(path));
    expect({ mode: to!.mode, time: Math.floor(to!.mtimeMs / 1000) }).toEqual({
      mode: from!.mode,
      time: Math.floor(from!.mtimeMs / 1000),
    });
  });

  test('leave a place open if its file did not arrive', async () => {
    const { archive, places } = sent();
    places.set('/no/such/file', join(dir, 'here/no'));
    await unpackFiles(Readable.from([archive]), places);
    expect([...places.keys()]).toEqual(['/no/such/file']);
  });

  test('are refused if they are not an archive, and are read to the end even then', async () => {
    const { archive, places } = sent();
    archive[150]! ^= 1;
    let read = 0;
    const pieces = function* () {
      for (let at = 0; at < archive.length; at += 512) {
        read += 512;
        yield archive.subarray(at, at + 512);
      }
    };
    const stream = Readable.from(pieces());
    const ended = new Promise((done) => stream.once('end', done));
    await expect(unpackFiles(stream, places)).rejects.toThrow(RefusedTar);
    await ended;
    expect(read).toBe(archive.length);
    expect(readdirSync(join(dir, 'here'))).toEqual([]);
  });
});
