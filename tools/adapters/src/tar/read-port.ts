import type { ArchiveRoot, NamedMember } from '@slipway/model';

/** A member by its headers. */
export interface ArchiveMember extends NamedMember {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  readonly size: number;
  /** All other metadata: `SCHILY.xattr.security.capability`, in hex. */
  readonly extended: Readonly<Record<string, string>>;
}

/** With the digest of its content; of empty content for members that are not files. */
export interface ReadMember extends ArchiveMember {
  readonly sha256: string;
}

/** The compression of an archive, as far as it can be detected. */
export type ReadCompression =
  | GzipHeader
  | { readonly format: 'zstd' }
  | { readonly format: 'zip' }
  | { readonly format: 'none' };

/** The header of a gzip file (RFC 1952). */
export interface GzipHeader {
  readonly format: 'gzip';
  readonly mtime: number;
  /** 2 for the slowest, 4 for the fastest; else 0. */
  readonly extraFlags: number;
  readonly system: number;
  readonly name: string | undefined;
}

export interface ReadArchive {
  /** In their order. */
  readonly members: readonly ReadMember[];
  readonly compression: ReadCompression;
  /** The digest of the uncompressed archive. */
  readonly sha256: string;
}

export interface ReadingArchive {
  /** By default `directory`. */
  readonly root?: ArchiveRoot;
  /**
   * The path, chosen by the caller, for the content of a file; undefined: not kept. Names of members never become
   * paths.
   */
  keep?(member: ArchiveMember): string | undefined;
  readonly signal?: AbortSignal;
}
