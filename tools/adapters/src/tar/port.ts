import type { ArchiveEntry, CompressionFormat, Meter } from '@slipway/model';

export interface ArchiveToWrite {
  readonly entries: readonly ArchiveEntry[];
  /** The base directory of relative paths. */
  readonly root: string;
  /** Seconds since the epoch, for all members. */
  readonly time: number;
  /** Gets the progress of its members. */
  readonly meter?: Meter | undefined;
}

/** Bytes in pieces, never all in memory. A piece is valid until the next one is requested. */
export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Writes archives whose bytes depend only on their content: not on time, user, umask, directory order or cores. The
 * last extension of a name selects the format: `.zip`, or for a tar its compression, `.gz`, `.zst`, or none. Content in
 * several archives is compressed once. Disposing drops that cache, and the writer can still be used.
 */
export interface ArchiveWriter extends AsyncDisposable {
  /**
   * Writes members in the given order, with owner 0. Throws FILE_MISSING for a missing one, UNREADABLE if one changed
   * meanwhile.
   */
  write(to: string, archive: ArchiveToWrite, signal?: AbortSignal): Promise<void>;
  /** Compresses one file. */
  compress(from: string, to: string, signal?: AbortSignal, meter?: Meter): Promise<void>;
  /**
   * The compressor of archives in that format and of image layers, with versions and settings. It affects the bytes.
   */
  compressor(format: CompressionFormat): string;
  /** Digest of a file's content, in hex. */
  digest(path: string, algorithm: 'sha256' | 'sha512'): Promise<string>;
  /**
   * Removes files of an earlier release: those that a sha256 checksum file lists, whose digest still matches, and that
   * are not among `names`. Returns their names.
   */
  removeFormer(sums: string, names: readonly string[]): Promise<readonly string[]>;
}
