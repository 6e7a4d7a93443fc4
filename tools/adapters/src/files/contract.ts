import { describe, expect, test } from 'vitest';
import type { AcquireLock, LockHolder, OutputFiles } from './port.ts';

export interface FilesRig {
  readonly files: OutputFiles;
  /** An empty directory. */
  readonly dir: string;
}

/** The contract for files on disk and in memory. */
export function outputFilesContract(name: string, rig: () => Promise<FilesRig>): void {
  describe(`${name} as OutputFiles`, () => {
    test('an unchanged file is published only once', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/from`, 'text');
      expect(await files.publishFile(`${dir}/from`, `${dir}/deep/er/to`)).toBe('copied');
      expect(await files.publishFile(`${dir}/from`, `${dir}/deep/er/to`)).toBe('same');
      expect(await files.readTextIfExists(`${dir}/deep/er/to`)).toBe('text');
    });

    test('a failure names a missing source', async () => {
      const { files, dir } = await rig();
      await expect(files.publishFile(`${dir}/from`, `${dir}/to`)).rejects.toMatchObject({
        failures: [{ code: 'FILE_MISSING', path: `${dir}/from` }],
      });
      expect(await files.readTextIfExists(`${dir}/to`)).toBeUndefined();
    });

    test('a text is written again only if it differs', async () => {
      const { files, dir } = await rig();
      expect(await files.writeFileWhole(`${dir}/a/b`, 'one')).toBe('written');
      expect(await files.writeFileWhole(`${dir}/a/b`, 'one')).toBe('same');
      expect(await files.writeFileWhole(`${dir}/a/b`, 'two')).toBe('written');
      expect(await files.readTextIfExists(`${dir}/a/b`)).toBe('two');
    });

    test('a path below a file, and the path of a directory, are not writable', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/file`, '');
      await files.ensureEmptyDirectory(`${dir}/directory`);
      for (const path of [`${dir}/file/below`, `${dir}/directory`]) {
        await expect(files.writeFileWhole(path, 'x')).rejects.toMatchObject({
          failures: [{ code: 'NOT_WRITABLE', path }],
        });
        await expect(files.publishFile(`${dir}/file`, path)).rejects.toMatchObject({
          failures: [{ code: 'NOT_WRITABLE', path }],
        });
      }
    });

    test('a link is made, kept, and changed to another target', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/one`, '1');
      await files.writeFileWhole(`${dir}/two`, '2');
      expect(await files.ensureSymlink(`${dir}/links/link`, '../one')).toBe('written');
      expect(await files.ensureSymlink(`${dir}/links/link`, '../one')).toBe('same');
      expect(await files.ensureSymlink(`${dir}/links/link`, '../two')).toBe('written');
      expect(await files.readTextIfExists(`${dir}/links/link`)).toBe('2');
    });

    test('a link never replaces a file', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/file`, 'kept');
      await expect(files.ensureSymlink(`${dir}/file`, 'elsewhere')).rejects.toMatchObject({
        failures: [{ code: 'NOT_WRITABLE', path: `${dir}/file` }],
      });
      expect(await files.readTextIfExists(`${dir}/file`)).toBe('kept');
    });

    test('the removal of a path takes everything below it and no target of a link, and accepts a missing path', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/kept/file`, 'kept');
      await files.writeFileWhole(`${dir}/gone/a/b`, '');
      await files.ensureSymlink(`${dir}/gone/link`, '../kept');
      await files.ensureSymlink(`${dir}/link`, 'kept');
      for (const path of ['gone', 'gone', 'link/']) await files.removeTree(`${dir}/${path}`);
      expect(await files.readTextIfExists(`${dir}/gone/a/b`)).toBeUndefined();
      expect(await files.readTextIfExists(`${dir}/kept/file`)).toBe('kept');
    });

    test('a removal leaves the files to keep, and no others', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/out/a/lock`, 'held');
      await files.writeFileWhole(`${dir}/out/a/other`, '');
      await files.writeFileWhole(`${dir}/out/b`, '');
      await files.removeTree(`${dir}/out`, [`${dir}/out/a/lock`]);
      expect(await files.readTextIfExists(`${dir}/out/a/lock`)).toBe('held');
      expect(await files.readTextIfExists(`${dir}/out/a/other`)).toBeUndefined();
      expect(await files.readTextIfExists(`${dir}/out/b`)).toBeUndefined();
    });

    test('ensureEmptyDirectory empties a directory', async () => {
      const { files, dir } = await rig();
      await files.writeFileWhole(`${dir}/d/old`, '');
      await files.ensureEmptyDirectory(`${dir}/d`);
      expect(await files.readTextIfExists(`${dir}/d/old`)).toBeUndefined();
      await files.writeFileWhole(`${dir}/d/new`, 'new');
      expect(await files.readTextIfExists(`${dir}/d/new`)).toBe('new');
    });
  });
}

/** The contract for locks of the kernel and of tests. */
export function lockContract(name: string, rig: () => Promise<{ acquireLock: AcquireLock; path: string }>): void {
  describe(`${name} as AcquireLock`, () => {
    const patient = { onWait() {} };

    test('the second caller waits for the first, and learns once who holds the lock', async () => {
      const { acquireLock, path } = await rig();
      const first = await acquireLock(path, patient);
      const holders: (LockHolder | undefined)[] = [];
      const { promise: told, resolve } = Promise.withResolvers<void>();
      let second = false;
      const later = acquireLock(path, { onWait: (holder) => (holders.push(holder), resolve()) }).then(
        (lock) => ((second = true), lock),
      );
      await told;
      expect(second).toBe(false);
      await first[Symbol.asyncDispose]();
      await (await later)[Symbol.asyncDispose]();
      expect(holders).toEqual([{ pid: expect.any(Number), command: expect.any(String), since: expect.any(Number) }]);
    });

    test('locks of different paths are independent', async () => {
      const { acquireLock, path } = await rig();
      await using one = await acquireLock(path, patient);
      await using two = await acquireLock(`${path}-other`, patient);
      expect(two).not.toBe(one);
    });

    test('a signal ends the wait without the lock', async () => {
      const { acquireLock, path } = await rig();
      const stop = new AbortController();
      {
        await using _held = await acquireLock(path, patient);
        const waiting = acquireLock(path, { onWait: () => stop.abort('SIGINT') }, stop.signal);
        await expect(waiting).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
      }
      await using _again = await acquireLock(path, patient);
    });
  });
}
