import type { Platform } from '@slipway/model';

export interface SbomedBinary {
  readonly name: string;
  readonly platform: Platform;
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
}

export interface SbomToWrite {
  readonly format: 'spdx' | 'cyclonedx';
  /** What is shipped: `kubernetes`, `v1.28.7`. */
  readonly name: string;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly binaries: readonly SbomedBinary[];
  /** Absolute; where the texts of licences are. */
  readonly vendor: string | undefined;
}

/** Bills of materials (SBOM), of what the linker wrote into finished binaries: not of what a go.mod asks for. */
export interface SbomWriter {
  write(to: string, sbom: SbomToWrite): Promise<void>;
  /** Every module of others that is linked into one of the binaries, sorted; of those in vendor/ the sums stand in go.sum only. */
  modules(of: {
    readonly binaries: readonly Pick<SbomedBinary, 'file' | 'sha256'>[];
    readonly sums: readonly string[];
  }): Promise<LinkedModule[]>;
}

/** A module as it was linked. */
export interface LinkedModule {
  readonly path: string;
  /** Empty for a module of the tree itself. */
  readonly version: string;
  /** `h1:…`; empty where Go says none. */
  readonly sum: string;
  /** Of SPDX's list; undefined where that is in doubt. */
  readonly license?: string;
  /** Package URL: `pkg:golang/github.com/spf13/cobra@v1.7.0`. */
  readonly url: string;
}
