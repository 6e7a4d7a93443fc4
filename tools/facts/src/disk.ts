import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  realpathSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { FailureError, limits } from '@slipway/model';

/**
 * Reading the tree; nothing here writes. What is not there, or may not be looked at, is undefined or empty: a tree is read
 * as far as it can be.
 */

const seen = new Set<string>();

/** Every path this process read or looked for in trees, missing ones included: what its knowledge of them rests on. */
export const pathsRead = (): string[] => [...seen];

/** For what somebody else reads on our behalf. */
export const noteRead = (path: string): void => void seen.add(path);

/** Undefined when there is no such file. */
export function readText(path: string): string | undefined {
  seen.add(path);
  return orUndefined(() =>
    withPlain(path, (file, { size }) => {
      if (size > limits.source.bytes)
        throw new FailureError({ code: 'BAD_FILE', path, why: `it has more than ${limits.source.bytes} bytes` });
      return readFileSync(file, 'utf8');
    }),
  );
}

/** Nobody is waited for at the other end of a pipe, and no device is touched but the empty one. Throws BAD_FILE. */
function withPlain<T>(path: string, read: (file: number, stat: Stats) => T): T {
  const named = statSync(path);
  if (!named.isFile() && !named.isDirectory() && path !== devNull)
    throw new FailureError({ code: 'BAD_FILE', path, why: 'it is a pipe, a socket or a device' });
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return read(file, fstatSync(file));
  } finally {
    closeSync(file);
  }
}

/** A file of the machine (/proc, /sys), which is no part of any tree and never the same twice. */
export const readSystemText = (path: string): string | undefined => orUndefined(() => readFileSync(path, 'utf8'));

/** At most that many bytes from the beginning. */
export function readHead(path: string, bytes: number): string | undefined {
  seen.add(path);
  return orUndefined(() =>
    withPlain(path, (file) => {
      const buffer = Buffer.allocUnsafe(bytes);
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, bytes, 0));
    }),
  );
}

/** Names in a directory and one level below, of places that are no part of what a tree says; undefined when it is not there. */
export function namesBelow(path: string): readonly string[] | undefined {
  const read = (directory: string): Dirent[] | undefined =>
    orUndefined(() => readdirSync(directory, { withFileTypes: true }));
  return read(path)?.flatMap((entry) => [
    entry.name,
    ...(entry.isDirectory() ? (read(join(path, entry.name)) ?? []).map(({ name }) => `${entry.name}/${name}`) : []),
  ]);
}

export interface Listing {
  /** Names of files, links to files included, sorted. */
  readonly files: readonly string[];
  /** Names of directories, sorted; links to directories only where asked for. */
  readonly directories: readonly string[];
}

/** `links` says whether a link to a directory counts as one. */
export function listDirectory(path: string, links: 'follow' | 'ignore' = 'ignore'): Listing {
  seen.add(path);
  const entries = orUndefined(() => readdirSync(path, { withFileTypes: true })) ?? [];
  const files: string[] = [];
  const directories: string[] = [];
  for (const entry of entries) {
    const kind = entry.isSymbolicLink() ? kindOf(`${path}/${entry.name}`) : entry.isDirectory() ? 'directory' : 'file';
    if (kind === 'file') files.push(entry.name);
    else if (kind === 'directory' && (links === 'follow' || entry.isDirectory())) directories.push(entry.name);
  }
  return { files: files.sort(), directories: directories.sort() };
}

/** Of what a path leads to. */
export function kindOf(path: string): 'file' | 'directory' | undefined {
  seen.add(path);
  const stat = orUndefined(() => statSync(path));
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'directory' : 'file';
}

export const isFile = (path: string): boolean => kindOf(path) === 'file';
export const isDirectory = (path: string): boolean => kindOf(path) === 'directory';

/** A file this user may run. */
export const isProgram = (path: string): boolean =>
  isFile(path) && orUndefined(() => (accessSync(path, constants.X_OK), true)) === true;

/** Without symbolic links; the path itself when it does not exist. */
export const realPath = (path: string): string => orUndefined(() => realpathSync(path)) ?? path;

const absent = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENAMETOOLONG']);

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
