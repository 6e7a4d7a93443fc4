import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream, lstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import {
  access,
  chmod,
  copyFile,
  link as linkFile,
  lstat,
  readFile,
  readlink,
  rename,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FailureError } from '@slipway/model';
import { errorCode } from './error-code.ts';
import { onPath } from './failure.ts';
import { makeDirectories } from './make-directories.ts';
import type { OutputFiles, Publishing } from './port.ts';
import { removeTree } from './remove.ts';
import { isSameFile } from './same.ts';
import { sweepTemporaries, withTemporary } from './temporary.ts';

export function realOutputFiles(): OutputFiles {
  const swept = new Set<string>();
  const prepareDirectory = async (directory: string): Promise<void> => {
    makeDirectories(directory);
    if (swept.has(directory)) return;
    swept.add(directory);
    await sweepTemporaries(directory);
  };
  return {
    publishFile: (from, to, how = {}) => onPath(to, () => publishFile({ from, to }, how, prepareDirectory)),
    writeFileWhole: (path, text) => onPath(path, () => writeFileWhole(path, text, prepareDirectory)),
    writeBytesWhole: (path, bytes, signal) =>
      onPath(path, () => writeBytesWhole({ path, bytes, signal }, prepareDirectory)),
    receiveFile: (path, { executable }, fetch) =>
      onPath(path, async () => {
        await prepareDirectory(dirname(path));
        await withTemporary(path, async (temporary) => {
          await fetch(temporary);
          await chmod(temporary, executable ? 0o755 : 0o644);
          await rename(temporary, path);
        });
      }),
    digest: (path) => onPath(path, () => digestOf(path)),
    ensureSymlink: (link, target) => onPath(link, () => ensureSymlink(link, target)),
    stamp: (path) =>
      onPath(path, async () => {
        const found = lstatSync(path, { throwIfNoEntry: false, bigint: true });
        return found && [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
      }),
    ensureDirectory: (path) => onPath(path, async () => void makeDirectories(path)),
    removeTree: (path, keep) => onPath(path, () => removeTree(path, keep)),
    ensureEmptyDirectory: (path) => onPath(path, () => ensureEmptyDirectory(path)),
    readTextIfExists: (path) => onPath(path, () => readTextIfExists(path)),
  };
}

async function digestOf(path: string): Promise<string | undefined> {
  const sum = createHash('sha256');
  const read = async (): Promise<string> => {
    for await (const piece of createReadStream(path)) sum.update(piece as Buffer);
    return sum.digest('hex');
  };
  return ifExists(read());
}

type PrepareDirectory = (directory: string) => Promise<void>;

async function publishFile(
  { from, to }: { readonly from: string; readonly to: string },
  { present = 'believed', share = false }: Publishing,
  prepareDirectory: PrepareDirectory,
): Promise<'copied' | 'same'> {
  const source = await readable(from, to);
  await prepareDirectory(dirname(to));
  const destination = await ifExists(lstat(to, { bigint: true }));
  if (
    destination !== undefined &&
    present !== 'other' &&
    (await isSameFile({ path: from, stat: source }, { path: to, stat: destination }, present))
  )
    return 'same';
  await withTemporary(to, async (temporary) => {
    if (!share || !(await isLinked(from, temporary))) {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      await utimes(temporary, Number(source.atimeNs) / 1e9, Number(source.mtimeNs) / 1e9);
    }
    await rename(temporary, to);
  });
  return 'copied';
}

/** Fails between disks, and if the disk or the owner of the file does not allow links. */
const isLinked = (from: string, to: string): Promise<boolean> =>
  linkFile(from, to).then(
    () => true,
    () => false,
  );

async function readable(from: string, to: string): Promise<BigIntStats> {
  try {
    await access(from, constants.R_OK);
    return await stat(from, { bigint: true });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT')
      throw new FailureError({ code: 'FILE_MISSING', path: from, why: `slipway would copy it to ${to}` });
    if (code === 'EACCES')
      throw new FailureError({
        code: 'FILE_MISSING',
        path: from,
        why: `permission denied; slipway would copy it to ${to}`,
      });
    throw error;
  }
}

async function writeFileWhole(
  path: string,
  text: string,
  prepareDirectory: PrepareDirectory,
): Promise<'written' | 'same'> {
  if ((await ifExists(lstat(path)))?.isFile() && (await readFile(path, 'utf8')) === text) return 'same';
  await prepareDirectory(dirname(path));
  await withTemporary(path, async (temporary) => {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  });
  return 'written';
}

interface Writing {
  readonly path: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal | undefined;
}

async function writeBytesWhole({ path, bytes, signal }: Writing, prepareDirectory: PrepareDirectory): Promise<void> {
  await prepareDirectory(dirname(path));
  await withTemporary(path, async (temporary) => {
    // With a mark this low each piece is written before the next is requested, so the source may reuse its memory.
    await pipeline(bytes, createWriteStream(temporary, { flags: 'wx', highWaterMark: 1 }), {
      ...(signal === undefined ? {} : { signal }),
    });
    await rename(temporary, path);
  });
}

async function ensureSymlink(link: string, target: string): Promise<'written' | 'same'> {
  const present = await ifExists(lstat(link));
  if (present?.isSymbolicLink() && (await readlink(link)) === target) return 'same';
  if (present !== undefined && !present.isSymbolicLink()) {
    const what = present.isDirectory() ? 'directory' : 'file';
    throw new FailureError({
      code: 'NOT_WRITABLE',
      path: link,
      fact: `a ${what} is where the link to ${target} belongs`,
    });
  }
  makeDirectories(dirname(link));
  await withTemporary(link, async (temporary) => {
    await symlink(target, temporary);
    await rename(temporary, link);
  });
  return 'written';
}

async function ensureEmptyDirectory(path: string): Promise<void> {
  await removeTree(path);
  makeDirectories(path);
}

async function readTextIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw code === 'EACCES' || code === 'EISDIR' || code === 'EPERM'
      ? new FailureError({
          code: 'FILE_MISSING',
          path,
          why: code === 'EISDIR' ? 'a directory has its name' : 'it may not be read',
        })
      : error;
  }
}

async function ifExists<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
