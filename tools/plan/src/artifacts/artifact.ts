import type { Platform, PlanNote, ReleaseSettings, SetName, ShippedTarball, ShippingFacts } from '@slipway/model';

/** What artifacts are made of. */
export interface Shippable {
  readonly settings: ReleaseSettings;
  readonly sets: Readonly<Record<SetName, ShippedSet>>;
  readonly files: ShippingFacts['files'];
  readonly source: ShippingFacts['source'];
  /** The source is what was committed, and nothing else. */
  readonly clean: boolean;
}

/** The binaries of a set, where there are any. */
export interface ShippedSet {
  readonly platforms: readonly Platform[];
  /** Names of the binaries that are built for a platform. */
  namesOn(platform: Platform): readonly string[];
}

export interface Shipped {
  readonly tarballs: readonly ShippedTarball[];
  /** Why there is none, where one might be expected. */
  readonly notes: readonly PlanNote[];
}

/** One kind of tarball. */
export type Artifact = (shippable: Shippable) => Shipped;
