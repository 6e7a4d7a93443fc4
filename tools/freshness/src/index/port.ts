/**
 * Digest of a file's content: sha256, hex. Symbolic links are followed, as Go does. `absent` for a missing file or a
 * dangling link, `directory` for a directory, for git's index the digest of `saidByGitIndex`, and `unknown:…`, which
 * equals nothing, for an unreadable file.
 */
export type ContentDigest = string;

/** The file system's answer for a path, with links followed. Times are in milliseconds, as exact as a double. */
export interface FileStat {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** One look at a path: its kind, and its content at that time (for a directory: its names). */
export interface Look {
  /** Undefined: absent, or unknown. */
  readonly stat: FileStat | undefined;
  readonly kind: 'file' | 'directory' | 'absent' | 'unknown';
  readonly digest: ContentDigest;
  /** True: every later change of the content will change the stat. False: only reading it again is safe. */
  readonly notRacy: boolean;
}

export type Saved = { readonly saved: true } | { readonly saved: false; readonly why: string };

/**
 * Knows the content of files without reading unchanged ones. It looks at each path once, so that all keys of a run
 * describe the same tree; `forget` makes it look again. Paths are absolute and clean.
 */
export interface ContentIndex {
  /** The number of files and directories read so far. */
  readonly reads: number;
  /** A changed stat only triggers a read; the content decides. A time at or after the last look is suspect. */
  digest(path: string): ContentDigest;
  /** The same, but a large file is read on another thread. */
  digestAside(path: string): Promise<ContentDigest>;
  /** Digest of the sorted names and kinds in a directory, with the targets of its links; `file` for a file. */
  names(dir: string): ContentDigest;
  /**
   * Digest of the part that can change the answer of `go list`. For a Go file: package clause, constraints, imports,
   * embed patterns, cgo preamble. For C, assembly and headers: the constraints. For other files: everything.
   */
  header(path: string): ContentDigest;
  /** Digest of a link's own text; undefined for other paths. Never stored. */
  link(path: string): ContentDigest | undefined;
  /** The look behind `digest`, or for a directory behind `names`. */
  look(path: string): Look;
  /**
   * The paths (of all looked at, or of `among`) that have changed since. A run that used them must not keep its result.
   */
  changed(among?: Iterable<string>): string[];
  /** All paths looked at and not forgotten. */
  paths(): string[];
  /** Files that differ from the saved index or are new to it. Explanations of a rebuild list them. */
  newContent(): string[];
  /** Looks again at these paths (or at all) on the next query, because steps have written there. */
  forget(paths?: Iterable<string>): void;
  /**
   * Forgets a path, but keeps the content if only the times were set, as `go build` does to an up-to-date binary. Then
   * device, inode and size are the same, and both times are equal, which no write causes.
   */
  forgetWritten(path: string): void;
  /**
   * Records a file that was placed with this content and `setTime`, so that it is not read again. It is ignored if
   * somebody wrote to the file meanwhile, or if the disk's times are too coarse to show that.
   */
  notePlaced(path: string, file: { readonly digest: ContentDigest; readonly size: number }): void;
  /**
   * The file got a second name, which changes its stat. A write since the last look would also have changed another
   * time.
   */
  noteLinked(path: string): void;
  /** Writes the index atomically. An error costs only time, so it is returned and not thrown. */
  save(): Saved;
}
