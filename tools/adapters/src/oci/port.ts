import type { ArchiveEntry, ImageConfig, Platform } from '@slipway/model';

export interface ImageToWrite {
  readonly platform: Platform;
  readonly names: readonly string[];
  /** Absolute path of an OCI image layout, or undefined for an image of its own layers alone. */
  readonly base: string | undefined;
  readonly layers: readonly (readonly ArchiveEntry[])[];
  readonly config: ImageConfig;
  /** What relative paths of files count from. */
  readonly root: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Writes images without an engine. The bytes depend on nothing but what is in them. */
export interface ImageWriter {
  /** Throws FILE_MISSING, UNREADABLE, IMAGE_FAILED for a program that could not start, and BAD_IMAGE, the last for a base that is no image or has none for the platform. */
  write(to: string, image: ImageToWrite, signal?: AbortSignal): Promise<void>;
}
