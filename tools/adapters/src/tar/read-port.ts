import type { ArchiveRoot, NamedMember } from '@slipway/model';

/** A member as its headers say it. */
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
  /** Everything else that is said of it: `SCHILY.xattr.security.capability`, in hex. */
  readonly extended: Readonly<Record<string, string>>;
}

/** With the digest of what it holds; of nothing for what is not a file. */
export interface ReadMember extends ArchiveMember {
  readonly sha256: string;
}

/** What an archive is compressed with, as far as that can be told. */
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
  /** Of the archive without compression. */
  readonly sha256: string;
}

export interface ReadingArchive {
  /** `directory` when absent. */
  readonly root?: ArchiveRoot;
  /** Where the content of a file is kept, a path of the caller's; undefined for nowhere. Names of members never become paths. */
  keep?(member: ArchiveMember): string | undefined;
  readonly signal?: AbortSignal;
}
