import type { Meter, SyncStep } from '@slipway/model';

export interface SyncRequest extends Pick<SyncStep, 'container' | 'user' | 'to' | 'exclude' | 'senders' | 'rsync'> {
  /** Absolute. */
  readonly root: string;
  /** Absolute path of the record of sent files. */
  readonly manifest: string;
  /** Gets the progress of a tar transfer. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Synced {
  readonly sent: number;
  readonly deleted: number;
  /** The sender and the reason, if it is not the first one; undefined otherwise. */
  readonly instead: string | undefined;
  /** Why more than the local changes was compared; undefined if only those were. */
  readonly why: string | undefined;
}

export interface CopyOutRequest extends Pick<SyncRequest, 'root' | 'container' | 'user' | 'manifest' | 'signal'> {
  /** Absolute, in the container. */
  readonly from: string;
  readonly directories: readonly string[];
  readonly names: readonly string[];
}

export interface FetchRequest extends Pick<SyncRequest, 'container' | 'user' | 'signal'> {
  /** Absolute paths, on this machine and in the container. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** The parts of a tree to sync. */
export type ListRequest = Pick<SyncRequest, 'root' | 'exclude' | 'manifest' | 'signal'>;

/** Moves files between the tree and a directory of a container. Throws the engine's failures, and SYNC_FAILED. */
export interface TreeSync {
  /** Lists the tree. A `syncIn` with this manifest soon afterwards does not list it again. */
  list(request: ListRequest): Promise<void>;
  /** Makes the directory equal to the tree: contents, modes, links, and removals. It sends only changes. */
  syncIn(request: SyncRequest): Promise<Synced>;
  /** The next sync must also check the directory, because a command may write there. */
  markDirty(manifest: string): Promise<void>;
  /** Copies the outputs of a command, each file atomically. Returns the new and changed paths, relative to the root. */
  copyOut(request: CopyOutRequest): Promise<readonly string[]>;
  /** Each file atomically. Throws FILE_MISSING for a missing one. */
  fetch(request: FetchRequest): Promise<void>;
}
