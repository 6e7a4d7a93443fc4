/** Digest of a file's content, or of a symbolic link's target: sha256, hex. `absent` when there is nothing, `directory` for one. */
export type ContentDigest = string;

/** Knows the content of files without reading those that did not change. */
export interface ContentIndex {
  /** Absolute path → digest. Stats tell "look closer", content decides; a time at or after the last look is suspect. */
  digest(path: string): ContentDigest;
  /** Digest of the sorted names (and kinds) in a directory; changes when something is added, removed or renamed. */
  names(dir: string): ContentDigest;
  /** Digest of the part of a Go file that can change the graph: package clause, constraints, imports, embed patterns, cgo directives. */
  header(path: string): ContentDigest;
  /** Writes what was learned, whole or not at all. */
  save(): void;
}
