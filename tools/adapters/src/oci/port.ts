import type { ArchiveEntry, ImageConfig, ImageIndex, Meter, Platform } from '@slipway/model';

export interface ImageToWrite {
  readonly platform: Platform;
  readonly names: readonly string[];
  /** Absolute path of an OCI image layout, or undefined for an image of its own layers alone. */
  readonly base: string | undefined;
  readonly layers: readonly (readonly ArchiveEntry[])[];
  readonly config: ImageConfig;
  /** Of its manifest and of the index in the tar. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What relative paths of files count from. */
  readonly root: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** Told of the bytes of its own layers. */
  readonly meter?: Meter | undefined;
}

/** Images for several platforms; `archive` is an absolute path here. */
export type IndexToDescribe = Pick<ImageIndex, 'images' | 'annotations'>;

export interface DescribedIndex {
  /** `sha256:…` of the index as it is pushed, and of the manifest of each image, in their order. */
  readonly digest: string;
  readonly manifests: readonly string[];
}

/** Writes images without an engine. The bytes depend on nothing but what is in them. */
export interface ImageWriter {
  /** What registries will call images that were written. Throws BAD_IMAGE for what is none. */
  describe(index: IndexToDescribe): Promise<DescribedIndex>;
  /** Throws FILE_MISSING, UNREADABLE, IMAGE_FAILED for a program that could not start, and BAD_IMAGE, the last for a base that is not an image or has none for the platform. */
  write(to: string, image: ImageToWrite, signal?: AbortSignal): Promise<void>;
}
