import type { ArchiveEntry, ImageConfig, ImageIndex, Meter, Platform } from '@slipway/model';

export interface ImageToWrite {
  readonly platform: Platform;
  readonly names: readonly string[];
  /** Absolute path of an OCI image layout; undefined for an image with only its own layers. */
  readonly base: string | undefined;
  readonly layers: readonly (readonly ArchiveEntry[])[];
  readonly config: ImageConfig;
  /** Annotations of its manifest and of the index in the tar. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The base directory of relative paths. */
  readonly root: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** Gets the progress of its own layers. */
  readonly meter?: Meter | undefined;
}

/** Images for several platforms; `archive` is an absolute path here. */
export type IndexToDescribe = Pick<ImageIndex, 'images' | 'annotations'>;

export interface DescribedIndex {
  /** `sha256:…` of the pushed index, and of each image's manifest, in order. */
  readonly digest: string;
  readonly manifests: readonly string[];
}

/** Writes images without an engine. The bytes depend only on the content. */
export interface ImageWriter {
  /** The digests of written images in registries. Throws BAD_IMAGE for an invalid one. */
  describe(index: IndexToDescribe): Promise<DescribedIndex>;
  /**
   * Throws FILE_MISSING, UNREADABLE, IMAGE_FAILED for a program that could not start, and BAD_IMAGE for a base that is
   * invalid or lacks the platform.
   */
  write(to: string, image: ImageToWrite, signal?: AbortSignal): Promise<void>;
}
