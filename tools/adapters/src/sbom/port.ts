import type { Platform } from '@slipway/model';

export interface SbomedBinary {
  readonly name: string;
  readonly platform: Platform;
  /** Absolute. */
  readonly file: string;
  readonly sha256: string;
}

/** An image, and the binaries it holds. */
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
  /** What is shipped: `kubernetes`, `v1.28.7`. */
  readonly name: string;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly binaries: readonly SbomedBinary[];
  readonly images: readonly SbomedImage[];
  /** Absolute; where the texts of licences of modules, of the tree and of Go are. */
  readonly vendor: string | undefined;
  readonly root: string;
  readonly goroot: string;
  /** Files of go.sum's form: sums of vendored modules stand there only. */
  readonly sums: readonly string[];
}

/** Bills of materials (SBOM), of what the linker wrote into finished binaries: not of what a go.mod asks for. */
export interface SbomWriter {
  write(to: string, sbom: SbomToWrite): Promise<void>;
  /** Every module of others that is linked into one of the binaries, sorted; of those in vendor/ the sums stand in go.sum only. */
  modules(of: {
    readonly binaries: readonly Pick<SbomedBinary, 'file' | 'sha256'>[];
    readonly sums: readonly string[];
  }): Promise<LinkedModule[]>;
  /** Go's own hash (`h1:…`) of what can be compiled of a GOROOT: `src` without commands, tests and their data. Undefined where it is not here. */
  standardLibrary(goroot: string): Promise<string | undefined>;
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
  /** The lines of its licence that say so. */
  readonly copyright?: string;
  /** Package URL: `pkg:golang/github.com/spf13/cobra@v1.7.0`. */
  readonly url: string;
}
