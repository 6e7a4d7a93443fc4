import type { LockWaiting } from '@slipway/adapters';

/** A file of a record: the writer's label for its place (e.g. `kubectl`), its content and whether it is executable. */
export interface StoredFile {
  readonly name: string;
  /** sha256, hex. */
  readonly digest: string;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/** The value of a key. */
export interface StoreRecord {
  /** sha256, hex. */
  readonly key: string;
  readonly files: readonly StoredFile[];
  /** The writer: `user@host`, and the program; for users and for trust rules. */
  readonly writer: string;
  /** Seconds since the epoch. */
  readonly written: number;
  /** The scope of the shared cache that it came from; absent for this machine's own. */
  readonly scope?: string | undefined;
  /** The parts of the key, name → digest or value, so that a later miss can be explained. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface FileToStore {
  /** Relative, without `..`. */
  readonly name: string;
  readonly path: string;
  /** The expected digest, if known. Other content is then refused, and files in the store are not read again. */
  readonly digest?: string;
}

/** `why` is empty on success; `files` then lists the added files. */
export interface Addition {
  readonly added: boolean;
  readonly why: string;
  readonly files: readonly StoredFile[];
}

export interface Exclusion {
  readonly waiting?: LockWaiting;
  readonly signal?: AbortSignal;
}

/**
 * Content-addressed files, and the records key → files, shared by all trees of a user. A wrong byte is a miss, never a
 * wrong file. A malformed key or digest is a bug of the caller and throws.
 */
export interface Store {
  /**
   * Undefined: not in the store. It checks existence and size of the files; `take` checks their content. Lookups for
   * explanations do not count as uses.
   */
  find(key: string, purpose?: 'to explain'): Promise<StoreRecord | undefined>;
  /**
   * Copies a stored file to `to` by way of a temporary name, and sets its time to the present by `setTime`. It hashes
   * the file, unless nobody wrote to it since it was hashed. Returns false for stored bytes that are wrong; they are
   * removed, and the caller builds. Throws for errors at `to` (NOT_WRITABLE, DISK_FULL). Several parallel calls are
   * faster than one after the other.
   */
  take(file: StoredFile, to: string): Promise<boolean>;
  /**
   * Adds files, and then the record. Errors (full disk, read-only) are returned and not thrown, because a cache is
   * optional.
   */
  add(record: Pick<StoreRecord, 'key' | 'parts' | 'scope'>, files: readonly FileToStore[]): Promise<Addition>;
  /**
   * Runs `work` while no other process of this machine does so for one of the keys; without locks if locking is
   * impossible. Name all keys in one call: a nested call may wait for the outer one forever.
   */
  exclusively<T>(keys: readonly string[], work: () => Promise<T>, exclusion?: Exclusion): Promise<T>;
}

/** A store that also accepts records of other machines. */
export interface ReceivingStore extends Store {
  /**
   * Keeps a foreign record. `fetch` writes a file's content, verified, to a new path, or throws. Returns false if it is
   * too large. Throws the errors of `fetch` and of the disk; then nothing is kept.
   */
  receive(record: StoreRecord, fetch: (file: StoredFile, to: string) => Promise<void>): Promise<boolean>;
}

export interface StoreStats {
  readonly records: number;
  readonly files: number;
  /** On disk, including records. */
  readonly bytes: number;
  /** The size of all records' files without deduplication. */
  readonly recordedBytes: number;
}

export interface ListedRecord {
  readonly record: StoreRecord;
  /** The size of its files. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly lastUse: number;
}

export interface Pruning {
  /** Above this size the least recently used records are removed, down to nine tenths. */
  readonly maxBytes: number;
  /** Seconds. Records that were not used for longer are removed at any size. */
  readonly olderThan?: number;
}

export interface Pruned {
  readonly records: number;
  readonly files: number;
  readonly bytes: number;
}

export interface Verification {
  readonly records: number;
  readonly files: number;
  readonly bytes: number;
  /** `removed` is false in a read-only store. */
  readonly wrong: readonly { readonly path: string; readonly why: string; readonly removed: boolean }[];
}

/** The operations of `slipway cache` on a store on disk. */
export interface StoreUpkeep {
  /** Unordered. */
  list(): AsyncIterable<ListedRecord>;
  stats(): Promise<StoreStats>;
  /** Also removes leftovers of dead runs. Throws NOT_WRITABLE. */
  prune(pruning: Pruning): Promise<Pruned>;
  /** Hashes everything again, and removes wrong files. */
  verify(): Promise<Verification>;
}
