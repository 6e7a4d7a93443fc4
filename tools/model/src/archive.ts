/** One member of an archive. Which kind it is follows from the field it has. */
export type ArchiveEntry = FileEntry | TextEntry | LinkEntry | DirectoryEntry;

interface Member {
  /** Inside the archive, as it will be listed: relative, parts joined by `/`. */
  readonly path: string;
}

/** A file of the disk. */
export interface FileEntry extends Member {
  /** Relative to the root, or absolute. */
  readonly file: string;
  /** Permission bits. */
  readonly mode: number;
  /** File capabilities a program gets by itself, as the kernel numbers them; `[10]` is cap_net_bind_service. */
  readonly capabilities?: readonly number[];
}

export interface TextEntry extends Member {
  readonly text: string;
  readonly mode: number;
}

export interface LinkEntry extends Member {
  /** What the symbolic link says, as written. */
  readonly link: string;
}

export interface DirectoryEntry extends Member {
  readonly directory: true;
  /** Permission bits; undefined: open to all, and its owner writes. */
  readonly mode?: number;
}

/** What an image says of itself: the `config` of the OCI image specification. */
export interface ImageConfig {
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly workingDir?: string;
  /** `NAME=value`; what the image begins with has others beside them. */
  readonly env?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** What archives may be compressed with. */
export type CompressionFormat = 'gzip' | 'zstd';
