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
 * Reading a tree; nothing here writes. What is not there, or may not be looked at, is undefined or empty: a tree is read as far
 * as it can be. It remembers what it was asked for.
 */
export interface Disk {
  /** Undefined when there is no such file. */
  readText(path: string): string | undefined;
  /** At most that many bytes from the beginning. */
  readHead(path: string, bytes: number): string | undefined;
  listDirectory(path: string): Listing;
  /** Of what a path leads to. */
  kindOf(path: string): Kind | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** A file this user may run. */
  isProgram(path: string): boolean;
  /** For what somebody else reads on our behalf. */
  noteRead(path: string): void;
  /** Every path that was read or looked for, missing ones included: what all that was learned here rests on. */
  pathsRead(): readonly string[];
}

export interface Listing {
  /** Names of files, links to files included, sorted. */
  readonly files: readonly string[];
  /** Names of directories, sorted; links to directories are none. */
  readonly directories: readonly string[];
}

/** A root, and what it is read with. */
export interface Rooted {
  readonly root: string;
  readonly disk: Disk;
}

/** One for each tree and run. */
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

function readHead(path: string, bytes: number): string | undefined {
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
