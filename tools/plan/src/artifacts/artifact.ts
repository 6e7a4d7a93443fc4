import type { Platform, PlanNote, ReleaseSettings, SetName, ShippedTarball, ShippingFacts } from '@slipway/model';

/** What artifacts are made of. */
export interface Shippable {
  readonly settings: ReleaseSettings;
  /** Names of binaries and the platforms they are shipped for, by set. */
  readonly sets: Readonly<
    Record<SetName, { readonly names: readonly string[]; readonly platforms: readonly Platform[] }>
  >;
  readonly files: ShippingFacts['files'];
  readonly source: ShippingFacts['source'];
  /** The source is what was committed, and nothing else. */
  readonly clean: boolean;
}

export interface Shipped {
  readonly tarballs: readonly ShippedTarball[];
  /** Why there is none, where one might be expected. */
  readonly notes: readonly PlanNote[];
}

/** One kind of tarball. */
export type Artifact = (shippable: Shippable) => Shipped;
