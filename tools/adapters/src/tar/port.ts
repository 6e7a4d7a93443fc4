import type { ArchiveEntry, CompressionFormat, Meter } from '@slipway/model';

export interface ArchiveToWrite {
  readonly entries: readonly ArchiveEntry[];
  /** What relative paths of files count from. */
  readonly root: string;
  /** Seconds since the epoch, of every member. */
  readonly time: number;
  /** Told of the bytes of its members. */
  readonly meter?: Meter | undefined;
}

/** Bytes that appear one after the other, never all at once in memory: a piece is good until the next one is asked for. */
export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Writes archives whose bytes depend on nothing but what they hold: not on time, user, umask, order of a directory or cores. The last
 * ending of a name says what it is: `.zip`, and of a tar what compresses it, `.gz`, `.zst`, or nothing does. What is in several of them is compressed once; disposing
 * forgets what was kept for that, and the writer can still be used.
 */
export interface ArchiveWriter extends AsyncDisposable {
  /** Members in the order given, owner 0. Throws FILE_MISSING for one that is gone, UNREADABLE when one changed meanwhile. */
  write(to: string, archive: ArchiveToWrite, signal?: AbortSignal): Promise<void>;
  /** One file, compressed. */
  compress(from: string, to: string, signal?: AbortSignal, meter?: Meter): Promise<void>;
  /** What compresses archives in that format and layers of images, with versions and settings: it decides the bytes. */
  compressor(format: CompressionFormat): string;
  /** Of a file's content, in hex. */
  digest(path: string, algorithm: 'sha256' | 'sha512'): Promise<string>;
  /**
   * Removes what a file of sha256 sums lists, is still as it says, and is none of `names`: what an earlier release left beside this one.
   * Gives the names of what was removed.
   */
  removeFormer(sums: string, names: readonly string[]): Promise<readonly string[]>;
}
