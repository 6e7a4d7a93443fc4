import { lstat, mkdtemp, opendir, readlink, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import { type ForeignFile, type Links, openForeign } from './foreign-file.ts';

/** The entry at a path. */
export interface Looked {
  /** `other`: a pipe, a socket, a device. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** The target of a link, as written. */
  readonly target?: string;
}

/** Undefined for a missing path. Throws UNREADABLE if slipway cannot tell. */
export async function lookAt(path: string, links: Links = 'refused'): Promise<Looked | undefined> {
  try {
    const found = links === 'refused' ? await lstat(path) : await stat(path);
    const about = { size: found.size, mode: found.mode & 0o7777 };
    if (found.isSymbolicLink()) return { kind: 'link', ...about, target: await readlink(path) };
    return { kind: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other', ...about };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(error, path);
  }
}

/** The entries of a directory one by one, so that a caller may stop early. Throws UNREADABLE. */
export async function* entriesOf(directory: string): AsyncGenerator<{ readonly name: string; isDirectory(): boolean }> {
  try {
    yield* await opendir(directory);
  } catch (error) {
    throw unreadable(error, directory);
  }
}

/** The real path, with links resolved; undefined for a missing one. Throws UNREADABLE. */
export async function placeAt(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unreadable(error, path);
  }
}

/** Opens a plain file that must exist. Throws UNREADABLE. */
export async function openPlain(path: string, links: Links = 'refused'): Promise<ForeignFile> {
  const file = await openForeign(path, links);
  if (typeof file === 'string') throw new FailureError({ code: 'UNREADABLE', path, fact: file });
  return file;
}

/** A temporary directory for unpacked content. Disposing removes it. */
export async function scratchDirectory(prefix: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function unreadable(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (error instanceof FailureError || code === undefined) return error;
  return new FailureError({ code: 'UNREADABLE', path, fact: code });
}
