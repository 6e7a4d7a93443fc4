import type { Environment } from '@slipway/model';

/**
 * Makes and removes the files of a tree. Every file appears whole under its final name or not at all. Throws a
 * FailureError (NOT_WRITABLE, DISK_FULL, FILE_MISSING) naming the path.
 */
export interface OutputFiles {
  /**
   * Copies `from` to `to`, with its mode and modification time; parent directories are made. A file that is already the
   * same is left untouched, and a program that is running from `to` goes on.
   */
  publishFile(from: string, to: string, how?: Publishing): Promise<'copied' | 'same'>;
  writeFileWhole(path: string, text: string): Promise<'written' | 'same'>;
  /**
   * As the bytes come: a piece is written before the next one is asked for. When they fail, or the signal is raised, nothing is left
   * under either name.
   */
  writeBytesWhole(path: string, bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<void>;
  /** What `fetch` leaves under a name of ours that nothing has, with its mode. */
  receiveFile(
    path: string,
    file: { readonly executable: boolean },
    fetch: (to: string) => Promise<void>,
  ): Promise<void>;
  /** sha256, hex; undefined where no file is. */
  digest(path: string): Promise<string | undefined>;
  /** Makes `link` point to `target`, kept as written. A link is replaced; a file or directory there is NOT_WRITABLE. */
  ensureSymlink(link: string, target: string): Promise<'written' | 'same'>;
  /** Read-only directories included, files of `keep` not; what is missing is fine; links are removed, never followed. */
  removeTree(path: string, keep?: readonly string[]): Promise<void>;
  ensureDirectory(path: string): Promise<void>;
  ensureEmptyDirectory(path: string): Promise<void>;
  readTextIfExists(path: string): Promise<string | undefined>;
  /** Changes with every write to a file, and whenever its times are set; undefined where nothing is. */
  stamp(path: string): Promise<string | undefined>;
}

export interface Publishing {
  /** Of an existing `to`: equal sizes and times are believed; or not, as somebody may have written to it; or it is known to differ. */
  readonly present?: 'believed' | 'doubtful' | 'other';
  /** One file under two names, where that can be had, instead of a copy. */
  readonly share?: boolean;
}

/** Who has the lock, as it described itself; for a message only. */
export interface LockHolder {
  readonly pid: number;
  readonly command: string;
  /** Seconds since the epoch. */
  readonly since: number;
}

export interface LockWaiting {
  /** Called once, when the lock is not free at once. Undefined when the holder cannot be known. */
  onWait(holder: LockHolder | undefined): void;
}

/**
 * Waits until nobody else holds the lock of that path, in this process or another; disposing gives it back, and so does
 * any death. Throws INTERRUPTED when the signal is raised meanwhile, NOT_WRITABLE when the file cannot be made.
 */
export type AcquireLock = (path: string, waiting: LockWaiting, signal?: AbortSignal) => Promise<HeldLock>;

/** The file of a lock stays, for the next one, where nobody removes it. */
export interface HeldLock extends AsyncDisposable {
  /** After things around the file were removed: waits for the lock of that path again where it is no longer there. */
  renew(): Promise<void>;
  /**
   * Removes the file, and of the directories around it those that are empty then and are, or are below, one of `tops`. Where
   * the path leads elsewhere by now, what was made for the lock is removed, and what was there before stays.
   */
  remove(tops: readonly string[]): Promise<void>;
}

/** Remembers answers that cost time; forgetting all of them must never change a result. */
export interface Memo {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/**
 * Where this user's caches are: `$XDG_CACHE_HOME/slipway`, or `~/.cache/slipway`. Undefined without a home, and where somebody
 * else owns the place or may write to it: then nothing is kept and nothing believed.
 */
export type CacheDirectory = (env: Environment) => string | undefined;
