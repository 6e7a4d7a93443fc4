import type { Environment } from '@slipway/model';

/**
 * Writes and removes the files of a tree. A file appears complete under its final name, or not at all. Throws a
 * FailureError (NOT_WRITABLE, DISK_FULL, FILE_MISSING) with the path.
 */
export interface OutputFiles {
  /**
   * Copies `from` to `to`, with its mode and modification time, and creates parent directories. An identical file is
   * not touched, and a program that runs from `to` continues.
   */
  publishFile(from: string, to: string, how?: Publishing): Promise<'copied' | 'same'>;
  writeFileWhole(path: string, text: string): Promise<'written' | 'same'>;
  /**
   * Writes the bytes as they arrive: each piece before the next is requested. After an error or the signal nothing
   * remains under either name.
   */
  writeBytesWhole(path: string, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** Moves the file that `fetch` wrote to a temporary name to `path`, with its mode. */
  receiveFile(
    path: string,
    file: { readonly executable: boolean },
    fetch: (to: string) => Promise<void>,
  ): Promise<void>;
  /** sha256, hex; undefined without a file. */
  digest(path: string): Promise<string | undefined>;
  /** Makes `link` point to `target`, as written. A link is replaced; a file or directory there is NOT_WRITABLE. */
  ensureSymlink(link: string, target: string): Promise<'written' | 'same'>;
  /**
   * Removes read-only directories, too, but no files of `keep`. Missing paths are fine. Links are removed, never
   * followed.
   */
  removeTree(path: string, keep?: readonly string[]): Promise<void>;
  ensureDirectory(path: string): Promise<void>;
  ensureEmptyDirectory(path: string): Promise<void>;
  readTextIfExists(path: string): Promise<string | undefined>;
  /** Changes with every write to a file, and whenever its times are set; undefined without a file. */
  stamp(path: string): Promise<string | undefined>;
}

export interface Publishing {
  /**
   * For an existing `to`: trust equal sizes and times, or compare content because somebody may have written to it, or
   * it is known to differ.
   */
  readonly present?: 'believed' | 'doubtful' | 'other';
  /** Use a hard link instead of a copy, if possible. */
  readonly share?: boolean;
}

/** The holder's own description of itself, for messages only. */
export interface LockHolder {
  readonly pid: number;
  readonly command: string;
  /** Seconds since the epoch. */
  readonly since: number;
}

export interface LockWaiting {
  /** Called once if the lock is not free at once. Undefined if the holder is unknown. */
  onWait(holder: LockHolder | undefined): void;
}

/**
 * Waits until nobody else holds the lock of that path, in this process or another. Disposing releases it, and so does
 * the death of the process. Throws INTERRUPTED after the signal, NOT_WRITABLE if the file cannot be created.
 */
export type AcquireLock = (path: string, waiting: LockWaiting, signal?: AbortSignal) => Promise<HeldLock>;

/** The file of a lock stays for the next holder unless it is removed. */
export interface HeldLock extends AsyncDisposable {
  /** Called after files around the lock were removed. If the lock file is gone, it locks the path again. */
  renew(): Promise<void>;
  /**
   * Removes the file, then each parent directory that is empty by then. Directories above `tops` stay. If the path leads
   * elsewhere by now, only files created for the lock are removed.
   */
  remove(tops: readonly string[]): Promise<void>;
}

/** Caches slow answers. Losing them must never change a result. */
export interface Memo {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/**
 * The user's cache directory: `$XDG_CACHE_HOME/slipway`, or `~/.cache/slipway`. Undefined without a home directory, or
 * if somebody else owns it or may write to it: then slipway caches nothing.
 */
export type CacheDirectory = (env: Environment) => string | undefined;
