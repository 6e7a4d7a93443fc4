/** A file that a place has under the name of a release. */
export interface PlacedFile {
  readonly name: string;
  readonly size: number;
}

/** One release of a place where releases are put: a directory, a site. Its files can be changed until it is published. */
export interface PlacedRelease {
  readonly isPublished: boolean;
  readonly files: readonly PlacedFile[];
  /** Of a file that is there; undefined where the place cannot say it. */
  digestOf(name: string): Promise<string | undefined>;
  /** Puts a file of this machine there, whole, instead of what has its name. */
  put(name: string, path: string): Promise<void>;
  /** Shows the release to everybody. */
  publish(): Promise<void>;
}

/** Throws NOT_PUBLISHED and INTERRUPTED, as do all of the above. Whatever a killed run left is found by the next one. */
export type OpenRelease = (tag: string) => Promise<PlacedRelease>;
