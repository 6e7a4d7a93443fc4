/**
 * Digest of a file's content: sha256, hex; symbolic links are followed, as Go reads through them. `absent` when there is nothing
 * (or a link that leads nowhere), `directory` for one, of git's index what `saidByGitIndex` leaves, and for what cannot be read `unknown:…`, which never equals anything.
 */
export type ContentDigest = string;

/** What the file system says about a path, links followed. Times in milliseconds, as exact as a double is. */
export interface FileStat {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** One look at a path: what was there, and its content then (of a directory: its names). */
export interface Look {
  /** Undefined: absent, or unknown. */
  readonly stat: FileStat | undefined;
  readonly kind: 'file' | 'directory' | 'absent' | 'unknown';
  readonly digest: ContentDigest;
  /** True: whatever happens to the content from now on changes the stat. False: it must be read again to be sure. */
  readonly notRacy: boolean;
}

export type Saved = { readonly saved: true } | { readonly saved: false; readonly why: string };

/**
 * Knows the content of files without reading those that did not change. Each path is looked at once, however often it is asked
 * for, so that all keys of a run speak of the same tree; `forget` asks for a new look. Paths are absolute and clean.
 */
export interface ContentIndex {
  /** How many files and directories had to be read so far. */
  readonly reads: number;
  /** Stats tell "look closer", content decides; a time at or after the last look is suspect. */
  digest(path: string): ContentDigest;
  /** The same; a large file is read on another thread. */
  digestAside(path: string): Promise<ContentDigest>;
  /** Digest of the sorted names and kinds in a directory, with the targets of its links; `file` where a file is. */
  names(dir: string): ContentDigest;
  /**
   * Digest of what can change `go list`'s answer: of a Go file package clause, constraints, imports, embed patterns, cgo preamble;
   * of C, assembly and headers the constraints; of any other file all of it.
   */
  header(path: string): ContentDigest;
  /** Digest of the text of the link itself; undefined where there is none. Never remembered. */
  link(path: string): ContentDigest | undefined;
  /** The look behind `digest` or, for a directory, behind `names`. */
  look(path: string): Look;
  /** Those of the paths looked at (or of `among`) that are not what they were: a run that used them must not keep its result. */
  changed(among?: Iterable<string>): string[];
  /** Every path looked at and not forgotten. */
  paths(): string[];
  /** Files whose content is not what the saved index says, or that are new to it: what to name when something is made again. */
  newContent(): string[];
  /** The next question about these paths (or about all) looks again: steps have written there. */
  forget(paths?: Iterable<string>): void;
  /**
   * Forgets a path, but not the content of a file whose times were only set: `go build` does that to a binary it finds up to
   * date. Then device, inode and size stay, and both its times are the same, which no write does.
   */
  forgetWritten(path: string): void;
  /**
   * A file that was put there with this content and `setTime`: it is not read again. Forgotten like others where somebody wrote to it
   * meanwhile, or where the disk's times are too coarse to show that.
   */
  notePlaced(path: string, file: { readonly digest: ContentDigest; readonly size: number }): void;
  /** The file got a second name, which changes its stat; a write since the last look would have given it another time, too. */
  noteLinked(path: string): void;
  /** Writes what was learned, whole or not at all. Failing costs only time: it is said, not thrown. */
  save(): Saved;
}
