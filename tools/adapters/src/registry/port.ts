import type { Meter, Platform } from '@slipway/model';

export interface Pulling {
  /** `registry.example/path/name:tag`, or `…@sha256:…`. */
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Absolute path of the OCI image layout it becomes. */
  readonly to: string;
  /** Told of the bytes that are fetched. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Pushing {
  /** Of the index that makes the images one, for several platforms: `registry.example/path/name:tag`. */
  readonly name: string;
  /** Absolute paths of images this tool wrote, and what each is called by itself, in the same registry. */
  readonly images: readonly { readonly archive: string; readonly name: string; readonly platform: Platform }[];
  /** What the images of other platforms are called by themselves: some may be pushed at the same time. */
  readonly others: readonly { readonly name: string; readonly platform: Platform }[];
  /** Of the index: of which version it is, and more. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Directory of a release: what it says of these images is put beside them. There need be none. */
  readonly set: string;
  /** Tags that name something else now are to name these images. */
  readonly moveTags: boolean;
  /** Told of the bytes that are sent. */
  readonly meter?: Meter | undefined;
  readonly signal: AbortSignal;
}

export interface Pushed {
  readonly is: 'pushed' | 'same';
  /** How many documents of the release were put beside them. */
  readonly documents: number;
  /** Whether the release says anything of them. */
  readonly isDescribed: boolean;
}

/** Images of a registry that speaks the OCI distribution protocol. */
export interface Registry {
  /**
   * `same`: it is there already, for all platforms; nobody is asked. Every blob is checked against its digest, those that are there
   * are not fetched again, and the layout's index is written last. Throws BAD_IMAGE and INTERRUPTED.
   */
  pull(pulling: Pulling): Promise<'pulled' | 'same'>;
  /**
   * `same`: all of it was there. What is there is not sent, what another repository of the registry has is taken over from it, a
   * transfer that breaks off is gone on with; names appear when what they name is there, the index's last. Images of the same version
   * that the index has for other platforms stay in it. Provenance, its signature and bills of a release go beside the images they are
   * of: by the referrers API, or by tags where a registry has none. Throws NOT_PUSHED, before anything is sent where a tag names something else,
   * and INTERRUPTED.
   */
  push(pushing: Pushing): Promise<Pushed>;
}
