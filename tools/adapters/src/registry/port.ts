import type { Meter, Platform } from '@slipway/model';

export interface Pulling {
  /** `registry.example/path/name:tag`, or `…@sha256:…`. */
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Absolute path of the resulting OCI image layout. */
  readonly to: string;
  /** Gets the progress in bytes. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Pushing {
  /** Name of the index that combines the images of several platforms: `registry.example/path/name:tag`. */
  readonly name: string;
  /** Absolute paths of images that slipway wrote, with their own names in the same registry. */
  readonly images: readonly { readonly archive: string; readonly name: string; readonly platform: Platform }[];
  /** The names of other platforms' images, some of which may be pushed at the same time. */
  readonly others: readonly { readonly name: string; readonly platform: Platform }[];
  /** Annotations of the index: its version and others. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Directory of a release, whose statements about these images are pushed beside them. It may not exist. */
  readonly set: string;
  /** If a tag already names another image, move the tag to this one. */
  readonly moveTags: boolean;
  /** Gets the progress in bytes. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Pushed {
  readonly is: 'pushed' | 'same';
  /** The number of the release's documents pushed beside them. */
  readonly documents: number;
  /** The release contains statements about them. */
  readonly isDescribed: boolean;
}

/** Images of a registry that speaks the OCI distribution protocol. */
export interface Registry {
  /**
   * `same`: all platforms exist, and nothing was requested. Every blob is checked against its digest, existing ones are
   * not fetched again, and the layout's index is written last. Throws BAD_IMAGE and INTERRUPTED.
   */
  pull(pulling: Pulling): Promise<'pulled' | 'same'>;
  /**
   * `same`: everything existed. Existing blobs are not sent, blobs of another repository of the registry are mounted,
   * interrupted uploads resume. Tags appear after their content, the index's last. Other platforms' images of the same
   * version stay in the index. A release's provenance, signature and bills of materials are pushed beside their images:
   * by the referrers API, or by tags if a registry lacks it. Throws INTERRUPTED, and NOT_PUSHED (before anything is
   * sent) if a tag names something else.
   */
  push(pushing: Pushing): Promise<Pushed>;
}
