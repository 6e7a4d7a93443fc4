/** One member of an archive. Its field decides its kind. */
export type ArchiveEntry = FileEntry | TextEntry | LinkEntry | DirectoryEntry;

interface Member {
  /** The path as an archive lists it: relative, parts joined by `/`. */
  readonly path: string;
}

/** A file on disk. */
export interface FileEntry extends Member {
  /** Relative to the root, or absolute. */
  readonly file: string;
  /** Permission bits. */
  readonly mode: number;
  /** File capabilities that the program has when it starts, by the kernel's numbers; `[10]` is cap_net_bind_service. */
  readonly capabilities?: readonly number[];
}

export interface TextEntry extends Member {
  readonly text: string;
  readonly mode: number;
}

export interface LinkEntry extends Member {
  /** The target of the symbolic link, as written. */
  readonly link: string;
}

export interface DirectoryEntry extends Member {
  readonly directory: true;
  /** Permission bits. Undefined: everybody may read, and the owner may write. */
  readonly mode?: number;
}

/** The `config` of the OCI image specification. */
export interface ImageConfig {
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  /** `NAME=value`. The variables of the base image are kept. */
  readonly env?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** Compression formats of archives. */
export type CompressionFormat = 'gzip' | 'zstd';
