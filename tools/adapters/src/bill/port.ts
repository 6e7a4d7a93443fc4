import type { Platform } from '@slipway/model';

export interface BilledBinary {
  readonly name: string;
  readonly platform: Platform;
  /** Absolute. */
  readonly file: string;
}

export interface BillToWrite {
  readonly format: 'spdx' | 'cyclonedx';
  /** What is shipped: `kubernetes`, `v1.28.7`. */
  readonly name: string;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly binaries: readonly BilledBinary[];
}

/** Bills of materials (SBOM), of what the linker wrote into finished binaries: not of what a go.mod asks for. */
export interface BillWriter {
  write(to: string, bill: BillToWrite): Promise<void>;
}
