import type { Platform } from '@slipway/model';

/** A section or segment before it is hashed. */
export interface ImageSection {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly inFile: boolean;
}

/** A part of the file that is loaded at an address. */
export interface Mapping {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** What the three formats have in common, as far as we need it. */
export interface Image {
  readonly platform: Platform | undefined;
  readonly sections: readonly ImageSection[];
  readonly mappings: readonly Mapping[];
  /** Addresses in which Go's build info is looked for. */
  readonly data: { readonly address: number; readonly size: number } | undefined;
  /** The dynamic linker an ELF file wants. */
  readonly interpreter?: string | undefined;
  /** Where Go's build id is looked for. */
  readonly buildId: { readonly offset: number; readonly size: number } | undefined;
}
