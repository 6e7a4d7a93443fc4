import type { Platform } from '@slipway/model';

export interface Pulling {
  /** `registry.example/path/name:tag`, or `…@sha256:…`. */
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Absolute path of the OCI image layout it becomes. */
  readonly to: string;
  readonly signal: AbortSignal;
}

export interface Pushing {
  /** Of the index that makes the images one, for several platforms: `registry.example/path/name:tag`. */
  readonly name: string;
  /** Absolute paths of images this tool wrote, and what each is called by itself, in the same registry. */
  readonly images: readonly { readonly archive: string; readonly name: string; readonly platform: Platform }[];
  readonly signal: AbortSignal;
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
   * transfer that breaks off is gone on with; names appear when what they name is there, the index's last. Throws NOT_PUSHED and
   * INTERRUPTED.
   */
  push(pushing: Pushing): Promise<'pushed' | 'same'>;
}
