/** A file of a record: where it belongs (a label of the writer's, e.g. `kubectl`), its content and whether it is executable. */
export interface StoredFile {
  readonly name: string;
  /** sha256, hex. */
  readonly digest: string;
  readonly size: number;
  readonly mode: number;
}

/** What a key stands for. */
export interface StoreRecord {
  readonly key: string;
  readonly files: readonly StoredFile[];
  /** Who wrote it: `user@host`, and what made it; for people and for trust rules. */
  readonly writer: string;
  /** Seconds since the epoch. */
  readonly written: number;
  /** What the key was made of, name → digest or value, so that a later miss can be explained. */
  readonly parts: Readonly<Record<string, string>>;
}

/** Content-addressed files and the records key → files, shared by all trees of a user. A wrong byte is a miss, never a wrong file. */
export interface Store {
  /** Undefined: not here. Existence of the files is looked at, their content when they are taken. */
  find(key: string): Promise<StoreRecord | undefined>;
  /**
   * Puts a stored file at `to` (temporary name, hashed on the way, renamed). False when the stored bytes are not what they
   * should be: they are then removed, and the caller builds.
   */
  take(file: StoredFile, to: string): Promise<boolean>;
  /** Adds files and, once all are in, the record. Trouble (full disk, read-only) is reported, not thrown: a cache only helps. */
  add(record: Omit<StoreRecord, 'files' | 'writer' | 'written'>, files: readonly { readonly name: string; readonly path: string }[]): Promise<{ readonly added: boolean; readonly why: string }>;
  /** Runs `work` while no other process of this machine does so for the same key. */
  exclusively<T>(key: string, work: () => Promise<T>): Promise<T>;
}
