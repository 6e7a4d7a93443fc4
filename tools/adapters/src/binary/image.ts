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

/** The common data of the three formats, as far as needed. */
export interface Image {
  readonly platform: Platform | undefined;
  readonly sections: readonly ImageSection[];
  readonly mappings: readonly Mapping[];
  /** Addresses where Go's build info may be. */
  readonly data: { readonly address: number; readonly size: number } | undefined;
  /** The dynamic linker in an ELF file. */
  readonly interpreter?: string | undefined;
  /** Where Go's build id may be. */
  readonly buildId: { readonly offset: number; readonly size: number } | undefined;
}
