import type { Platform } from '@slipway/model';

export interface Pulling {
  /** `registry.example/path/name:tag`, or `…@sha256:…`. */
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Absolute path of the OCI image layout it becomes. */
  readonly to: string;
  readonly signal: AbortSignal;
}

/** Fetches images from a registry that speaks the OCI distribution protocol. */
export interface Registry {
  /**
   * `same`: it is there already, for all platforms; nobody is asked. Every blob is checked against its digest, those that are there
   * are not fetched again, and the layout's index is written last. Throws BAD_IMAGE and INTERRUPTED.
   */
  pull(pulling: Pulling): Promise<'pulled' | 'same'>;
}
