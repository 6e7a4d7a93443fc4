import type { Platform } from '@slipway/model';

export interface SbomedBinary {
  readonly name: string;
  readonly platform: Platform;
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
}

/** An image with its binaries. */
export interface SbomedImage {
  /** `registry.example/kube-proxy-arm64` */
  readonly repository: string;
  readonly platform: Platform;
  /** `sha256:…` of its manifest. */
  readonly digest: string;
  /** Names of binaries for its platform. */
  readonly holds: readonly string[];
}

export interface SbomToWrite {
  readonly format: 'spdx' | 'cyclonedx';
  /** The product: `kubernetes`, `v1.28.7`. */
  readonly name: string;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly binaries: readonly SbomedBinary[];
  readonly images: readonly SbomedImage[];
  /** Absolute directories of the license texts of modules, of the tree and of Go. */
  readonly vendor: string | undefined;
  readonly root: string;
  readonly goroot: string;
  /** Files in the format of go.sum. Sums of vendored modules are only there. */
  readonly sums: readonly string[];
}

/** Bills of materials (SBOM), from the linker's records in finished binaries, not from go.mod. */
export interface SbomWriter {
  write(to: string, sbom: SbomToWrite): Promise<void>;
  /** All foreign modules linked into the binaries, sorted. Sums of modules in vendor/ are only in go.sum. */
  modules(of: {
    readonly binaries: readonly Pick<SbomedBinary, 'file' | 'sha256'>[];
    readonly sums: readonly string[];
  }): Promise<LinkedModule[]>;
  /**
   * Go's own hash (`h1:…`) of the compilable part of a GOROOT: `src` without commands, tests and their data. Undefined
   * if it is not installed.
   */
  standardLibrary(goroot: string): Promise<string | undefined>;
}

/** A linked module. */
export interface LinkedModule {
  readonly path: string;
  /** Empty for a module of the tree itself. */
  readonly version: string;
  /** `h1:…`; empty if Go records none. */
  readonly sum: string;
  /** The SPDX identifier; undefined in doubt. */
  readonly license?: string;
  /** The copyright lines of its license. */
  readonly copyright?: string;
  /** Package URL: `pkg:golang/github.com/spf13/cobra@v1.7.0`. */
  readonly url: string;
}
