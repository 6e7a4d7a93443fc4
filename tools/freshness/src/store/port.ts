import type { LockWaiting } from '@slipway/adapters';

/** A file of a record: where it belongs (a label of the writer's, e.g. `kubectl`), its content and whether it is executable. */
export interface StoredFile {
  readonly name: string;
  /** sha256, hex. */
  readonly digest: string;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/** What a key stands for. */
export interface StoreRecord {
  /** sha256, hex. */
  readonly key: string;
  readonly files: readonly StoredFile[];
  /** Who wrote it: `user@host`, and what made it; for people and for trust rules. */
  readonly writer: string;
  /** Seconds since the epoch. */
  readonly written: number;
  /** The scope of a shared cache it came from; absent when it was made on this machine. */
  readonly scope?: string | undefined;
  /** What the key was made of, name → digest or value, so that a later miss can be explained. */
  readonly parts: Readonly<Record<string, string>>;
}

export interface FileToStore {
  /** Relative, without `..`. */
  readonly name: string;
  readonly path: string;
  /** When the caller knows it: another content is then not added, and what the store has already is not read again. */
  readonly digest?: string;
}

/** `why` is empty when it was added; `files` then says what was. */
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
 * Content-addressed files and the records key → files, shared by all trees of a user. A wrong byte is a miss, never a
 * wrong file. Keys and digests of another shape than sha256 in hex are a mistake of the caller's, and thrown.
 */
export interface Store {
  /** Undefined: not here. Existence and size of the files are looked at, their content when they are taken. What is found only to explain counts for no hit. */
  find(key: string, purpose?: 'to explain'): Promise<StoreRecord | undefined>;
  /**
   * Puts a stored file at `to` (temporary name, hashed on the way unless it was before and nobody wrote to it since, renamed); its time is `setTime` of now. False when the stored bytes
   * are not what they should be: they are then removed, and the caller builds. Trouble at `to` (NOT_WRITABLE, DISK_FULL)
   * is thrown. Several at once are faster than one after the other.
   */
  take(file: StoredFile, to: string): Promise<boolean>;
  /** Adds files and, once all are in, the record. Trouble (full disk, read-only) is reported, not thrown: a cache only helps. */
  add(record: Pick<StoreRecord, 'key' | 'parts' | 'scope'>, files: readonly FileToStore[]): Promise<Addition>;
  /**
   * Runs `work` while no other process of this machine does so for one of the keys; where nothing can be locked, at once.
   * Name all keys in one call: within `work`, a second call may wait for the first for ever.
   */
  exclusively<T>(keys: readonly string[], work: () => Promise<T>, exclusion?: Exclusion): Promise<T>;
}

/** A store that also takes what others made. */
export interface ReceivingStore extends Store {
  /**
   * Keeps a record of somebody else's. `fetch` writes a file's content, checked, to a new path, or throws. False: it is too
   * large. Throws what `fetch` throws, and trouble of the disk; nothing is kept then.
   */
  receive(record: StoreRecord, fetch: (file: StoredFile, to: string) => Promise<void>): Promise<boolean>;
}

export interface StoreStats {
  readonly records: number;
  readonly files: number;
  /** On disk, records included. */
  readonly bytes: number;
  /** What the files of all records would take if equal ones were not kept once. */
  readonly recordedBytes: number;
}

export interface ListedRecord {
  readonly record: StoreRecord;
  /** Of its files. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly lastUse: number;
}

export interface Pruning {
  /** Above it the least recently used records go, until nine tenths are left. */
  readonly maxBytes: number;
  /** Seconds; what was not used for longer goes, whatever the size. */
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
  /** `removed` is false where the store is read-only. */
  readonly wrong: readonly { readonly path: string; readonly why: string; readonly removed: boolean }[];
}

/** What `slipway cache` does to a store on disk. */
export interface StoreUpkeep {
  /** In no order. */
  list(): AsyncIterable<ListedRecord>;
  stats(): Promise<StoreStats>;
  /** Also removes what dead runs left. Throws NOT_WRITABLE. */
  prune(pruning: Pruning): Promise<Pruned>;
  /** Hashes everything again, removes what is wrong. */
  verify(): Promise<Verification>;
}
