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
 * Reads a tree and never writes. Missing and unreadable paths are undefined or empty, so that a tree is read as far as
 * possible. It records all lookups.
 */
export interface Disk {
  /** Undefined if the file does not exist. */
  readText(path: string): string | undefined;
  /** At most this many bytes from the beginning. */
  readHead(path: string, bytes: number): string | undefined;
  listDirectory(path: string): Listing;
  /** The kind of a path's target. */
  kindOf(path: string): Kind | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** A file that this user may execute. */
  isProgram(path: string): boolean;
  /** Records a read by other code. */
  noteRead(path: string): void;
  /** All paths that were read or looked up, including missing ones. All facts of this run depend on them. */
  pathsRead(): readonly string[];
}

export interface Listing {
  /** Names of files, including links to files, sorted. */
  readonly files: readonly string[];
  /** Names of directories, sorted, without links to directories. */
  readonly directories: readonly string[];
}

/** A root, and the disk to read it with. */
export interface Rooted {
  readonly root: string;
  readonly disk: Disk;
}

/** Open one for each tree and run. */
export function openDisk(): Disk {
  const seen = new Set<string>();
  const noted = (path: string): string => (seen.add(path), path);
  const kindOf = (path: string): Kind | undefined => kindAt(noted(path));
  const isFile = (path: string): boolean => kindOf(path) === 'file';
  return {
    readText: (path) => readText(noted(path)),
    readHead: (path, bytes) => readHead(noted(path), bytes),
    listDirectory: (path) => listDirectory(noted(path), kindOf),
    kindOf,
    isFile,
    isDirectory: (path) => kindOf(path) === 'directory',
    isProgram: (path) => isFile(path) && orUndefined(() => (accessSync(path, constants.X_OK), true)) === true,
    noteRead: (path) => void seen.add(path),
    pathsRead: () => [...seen],
  };
}

type Kind = 'file' | 'directory';

function readText(path: string): string | undefined {
  return orUndefined(() =>
    withPlain(path, (file, { size }) => {
      if (size > limits.source.bytes)
        throw new FailureError({ code: 'BAD_FILE', path, why: `it has more than ${limits.source.bytes} bytes` });
      return readFileSync(file, 'utf8');
    }),
  );
}

/** Never blocks on a pipe, and opens no device except the empty one. Throws BAD_FILE. */
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

/** A file of the system (/proc, /sys), which belongs to no tree and changes constantly. */
export const readSystemText = (path: string): string | undefined => orUndefined(() => readFileSync(path, 'utf8'));

function readHead(path: string, bytes: number): string | undefined {
  return orUndefined(() =>
    withPlain(path, (file) => {
      const buffer = Buffer.allocUnsafe(bytes);
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, bytes, 0));
    }),
  );
}

/**
 * Names in a directory and one level below, for places outside of the tree's description; undefined if the directory
 * does not exist.
 */
export function namesBelow(path: string): readonly string[] | undefined {
  const read = (directory: string): Dirent[] | undefined =>
    orUndefined(() => readdirSync(directory, { withFileTypes: true }));
  return read(path)?.flatMap((entry) => [
    entry.name,
    ...(entry.isDirectory() ? (read(join(path, entry.name)) ?? []).map(({ name }) => `${entry.name}/${name}`) : []),
  ]);
}

function listDirectory(path: string, kindOf: (path: string) => Kind | undefined): Listing {
  const entries = orUndefined(() => readdirSync(path, { withFileTypes: true })) ?? [];
  const files: string[] = [];
  const directories: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) directories.push(entry.name);
    else if (!entry.isSymbolicLink() || kindOf(`${path}/${entry.name}`) === 'file') files.push(entry.name);
  }
  return { files: files.sort(), directories: directories.sort() };
}

function kindAt(path: string): Kind | undefined {
  const stat = orUndefined(() => statSync(path));
  if (stat === undefined) return undefined;
  return stat.isDirectory() ? 'directory' : 'file';
}

/** Resolves symbolic links; returns the path itself if it does not exist. */
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
