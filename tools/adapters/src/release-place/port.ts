/** A file of a release at its destination. */
export interface PlacedFile {
  readonly name: string;
  readonly size: number;
}

/** A release at a destination: a directory or a site. Its files can change until it is published. */
export interface PlacedRelease {
  readonly isPublished: boolean;
  readonly files: readonly PlacedFile[];
  /** The digest of an existing file; undefined if the destination does not tell. */
  digestOf(name: string): Promise<string | undefined>;
  /** Uploads a file completely, replacing one of the same name. */
  put(name: string, path: string): Promise<void>;
  /** Makes the release visible to everybody. */
  publish(): Promise<void>;
}

/** Opens a release. Throws NOT_PUBLISHED and INTERRUPTED, as do all methods. It finds the files of a killed run. */
export type OpenRelease = (tag: string) => Promise<PlacedRelease>;
