import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { realOutputFiles } from '../files/real.ts';
import { archive, link, fileMember } from '@slipway/testing';
import { readArchive } from './read-archive.ts';
import { refused } from './fixtures/refused-archives.ts';
import { realArchiveWriter } from './real.ts';

const parent = mkdtempSync(join(tmpdir(), 'slipway-read-'));
const dir = join(parent, 'here');
afterAll(() => rmSync(parent, { recursive: true }));
beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(join(dir, 'kept'), { recursive: true });
});

const written = (bytes: Buffer): string => {
  writeFileSync(join(dir, 'x.tar'), bytes);
  return join(dir, 'x.tar');
};

/** Keeps every content, so that everything that could be written is. */
const readAll = (path: string, root: 'directory' | 'image' = 'directory') => {
  let count = 0;
  return readArchive(path, { root, keep: ({ kind }) => (kind === 'file' ? join(dir, `kept/${count++}`) : undefined) });
};

describe('an archive with', () => {
  test.each(Object.entries(refused))('%s is refused', async (_name, { bytes, says }) => {
    const path = written(bytes());
    const error = await readAll(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect((error as FailureError).failures[0]).toMatchObject({
      code: 'BAD_ARCHIVE',
      fact: expect.stringContaining(says),
    });
    expect(readdirSync(parent)).toEqual(['here']);
    expect(readdirSync(dir)).toEqual(['kept', 'x.tar']);
  });

  test('names that only some disks confuse are allowed in a layer of an image', async () => {
    const path = written(archive(link('etc/mtab', '/proc/mounts'), fileMember('E'), fileMember('e')));
    expect((await readAll(path, 'image')).members).toHaveLength(3);
    await expect(readAll(written(archive(link('a', 'b'), fileMember('a/x'))), 'image')).rejects.toThrow(
      'written through',
    );
  });
});

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('slipway reads an archive of', () => {
  const tree = (): string => {
    const root = join(dir, 'tree');
    const deep = join(root, 'directory/'.repeat(20));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'größe'), 'text');
    writeFileSync(join(root, 'run'), 'run', { mode: 0o755 });
    symlinkSync('run', join(root, 'link'));
    return root;
  };
  test.each(['gnu', 'ustar', 'posix'])('GNU tar in the format %s', async (format) => {
    tree();
    execFileSync('tar', [`--format=${format}`, '--owner=me:7', '--mtime=@99', '-czf', 'x.tar', 'tree'], { cwd: dir });
    const { members, compression } = await readAll(join(dir, 'x.tar'));
    const found = (path: string) => members.find((each) => each.path === `tree/${path}`);
    expect(compression).toMatchObject({ format: 'gzip', name: undefined });
    expect(found('run')).toMatchObject({
      kind: 'file',
      mode: 0o755,
      uid: 7,
      uname: 'me',
      mtime: 99,
      sha256: sha256('run'),
    });
    expect(found('link')).toMatchObject({ kind: 'link', target: 'run', size: 0 });
    expect(found(`${'directory/'.repeat(20)}größe`)).toMatchObject({ size: 4, sha256: sha256('text') });
  });

  test('git archive, with its commit', async () => {
    const root = tree();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: root });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'x');
    git('archive', '--output', join(dir, 'x.tar'), 'HEAD');
    expect((await readAll(join(dir, 'x.tar'))).members.map(({ path }) => path)).toContain('link');
  });

  test.each(['gz', 'zst'])('slipway as .tar.%s, and keeps its contents', async (ending) => {
    const path = join(dir, `x.tar.${ending}`);
    // More than one block.
    writeFileSync(join(dir, 'large'), Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * i) >> 3)));
    const entries = [
      { path: 'a', directory: true as const },
      { path: `a/${'long/'.repeat(60)}b`, text: 'kept', mode: 0o644 },
      { path: 'large', file: 'large', mode: 0o755 },
    ];
    await using archives = realArchiveWriter(realOutputFiles());
    await archives.write(path, { root: dir, time: 5, entries });
    await archives.write(join(dir, 'plain.tar'), { root: dir, time: 5, entries });
    const { members, sha256: whole } = await readAll(path);
    expect(members.map(({ path: name, kind, mtime }) => [name.length, kind, mtime])).toEqual([
      [1, 'directory', 5],
      [303, 'file', 5],
      [5, 'file', 5],
    ]);
    expect(readFileSync(join(dir, 'kept/0'), 'utf8')).toBe('kept');
    expect(whole).toBe(sha256(readFileSync(join(dir, 'plain.tar'))));
  });
});

test('readArchive fails for a missing file, for a directory, and for a second content of one name', async () => {
  await expect(readArchive(join(dir, 'nowhere'))).rejects.toThrow('UNREADABLE');
  await expect(readArchive(dir)).rejects.toThrow('UNREADABLE');
  const path = written(archive(fileMember('a'), fileMember('b')));
  await expect(readArchive(path, { keep: () => join(dir, 'kept/same') })).rejects.toThrow('EEXIST');
});
