import type { Meter, SyncStep } from '@slipway/model';

export interface SyncRequest extends Pick<SyncStep, 'container' | 'user' | 'to' | 'exclude' | 'senders' | 'rsync'> {
  /** Absolute. */
  readonly root: string;
  /** Absolute path of the file that remembers what was sent. */
  readonly manifest: string;
  /** Told of what is sent by tar. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Synced {
  readonly sent: number;
  readonly deleted: number;
  /** By what, where that is not the first of the senders, and why; undefined otherwise. */
  readonly instead: string | undefined;
  /** Why more than what changed here was looked at; undefined when only that was. */
  readonly why: string | undefined;
}

export interface CopyOutRequest extends Pick<SyncRequest, 'root' | 'container' | 'user' | 'manifest' | 'signal'> {
  /** Absolute, in the container. */
  readonly from: string;
  readonly directories: readonly string[];
  readonly names: readonly string[];
}

export interface FetchRequest extends Pick<SyncRequest, 'container' | 'user' | 'signal'> {
  /** Absolute paths, there and here. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** What of a tree counts. */
export type ListRequest = Pick<SyncRequest, 'root' | 'exclude' | 'manifest' | 'signal'>;

/** Moves files between the tree and a directory of a container. Throws what the engine throws, and SYNC_FAILED. */
export interface TreeSync {
  /** Looks at the tree; a `syncIn` with this manifest soon after does not look again. */
  list(request: ListRequest): Promise<void>;
  /** Makes the directory equal to the tree: contents, modes, links, and what is gone. Sends only what changed. */
  syncIn(request: SyncRequest): Promise<Synced>;
  /** The next sync has to look at the directory too: a command may write there. */
  markDirty(manifest: string): Promise<void>;
  /** Brings back what a command made, each file whole. Gives the paths that are new or changed, relative to the root. */
  copyOut(request: CopyOutRequest): Promise<readonly string[]>;
  /** Each whole. Throws FILE_MISSING when one is not there. */
  fetch(request: FetchRequest): Promise<void>;
}
