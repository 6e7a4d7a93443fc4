import type { Platform, PlanNote, ReleaseSettings, SetName, ShippedTarball, ShippingFacts } from '@slipway/model';

/** The inputs of all artifacts. */
export interface Shippable {
  readonly settings: ReleaseSettings;
  readonly sets: Readonly<Record<SetName, ShippedSet>>;
  readonly files: ShippingFacts['files'];
  readonly source: ShippingFacts['source'];
  /** The source equals the commit. */
  readonly clean: boolean;
}

/** The binaries of a set, if it has any. */
export interface ShippedSet {
  readonly platforms: readonly Platform[];
  /** Names of the binaries for a platform. */
  namesOn(platform: Platform): readonly string[];
}

export interface Shipped {
  readonly tarballs: readonly ShippedTarball[];
  /** Why an expected artifact is missing. */
  readonly notes: readonly PlanNote[];
}

/** One kind of tarball. */
export type Artifact = (shippable: Shippable) => Shipped;
