import type { ArchiveEntry, ImageConfig } from './archive.ts';
import type {
  BaseImageStep,
  BuildImageStep,
  ContainerStep,
  CopyOutStep,
  DataContainerStep,
  EngineStep,
  ListStep,
  SweepStep,
  SyncStep,
} from './container-step.ts';
import type { Environment } from './environment.ts';
import type { PlaceName } from './run-place.ts';
import type { Platform } from './platform.ts';
import type { StepBase } from './step-base.ts';
import type { Quarantined } from './testing.ts';

/** Runs a program. Its call may contain placeholders, which its place fills. */
export interface ExecStep extends StepBase {
  readonly kind: 'exec';
  readonly place: PlaceName;
  /** The program uses slipway's own input and output. */
  readonly attached?: boolean;
  /** argv[0] is an absolute path or a name on PATH. No shell is involved. The words of its actions follow. */
  readonly argv: readonly string[];
  /** Words after the words of the actions. */
  readonly last?: readonly string[];
  /**
   * Relative to the root, or absolute. It is also set as PWD, because Go trusts PWD when it names the same directory.
   */
  readonly cwd: string;
  /** On this machine, added to the plan's environment. Elsewhere, the whole environment. */
  readonly env: Environment;
  /** Variables of the plan's environment this step must not see. */
  readonly unset: readonly string[];
  /** A directory relative to the root for the program's own use. It is emptied before and removed after. */
  readonly scratch: string | undefined;
  /** Expected peak memory in bytes. The step waits until that much is free, unless nothing else runs. */
  readonly memory: number;
  /**
   * The program is `go test`, with these import paths by directory (relative to the root). Each action has its own
   * result, and slipway observes the reads of its test binary.
   */
  readonly tests?: Readonly<Record<string, string>>;
  /** Maximum number of runs for a package whose tests fail. Tests that pass later are flaky. */
  readonly attempts?: number;
  /** Tests of those packages whose failures do not count today, by import path. */
  readonly quarantine?: readonly Quarantined[];
  /** Keep the output of passing tests for this run. */
  readonly verbose?: true;
  /** The step runs in its own view of the tree, where slipway observes its reads. */
  readonly check?: CheckRun;
}

/** A script that checks the tree or fixes it. */
export interface CheckRun {
  readonly kind: 'verify' | 'update';
  /** `boilerplate`. */
  readonly name: string;
  readonly view: 'overlay' | 'copy';
  readonly traces: boolean;
  /** A check of slipway, which writes the expected files. A check that verifies reports the differences. */
  readonly own: boolean;
  /** Why a pass is kept although the check used the network. Undefined: such a pass is not kept. */
  readonly keptOnline: string | undefined;
  /** The command that fixes the findings. */
  readonly remedy: string | undefined;
  /** Time limit in seconds; undefined: none. */
  readonly budget: number | undefined;
}

/**
 * Runs a program that writes source files, in a separate directory. Complete files are moved to the tree, and files
 * that it no longer makes are removed.
 */
export interface GenerateStep extends StepBase {
  readonly kind: 'generate';
  readonly argv: readonly string[];
  /** The same as an ExecStep's. */
  readonly cwd: string;
  readonly env: Environment;
  readonly unset: readonly string[];
  /** Relative to the root. It is emptied before and removed after. */
  readonly scratch: string;
  /**
   * Files of the root that are copied below `scratch` first, under the same names, for programs that write beside their
   * inputs.
   */
  readonly copies: readonly string[];
  /** `from` is below `scratch`, `to` relative to the root. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** A made file must equal a file of the tree (paths as above). The failure shows the difference. */
  readonly equal: readonly { readonly made: string; readonly known: string; readonly hint: string }[];
  /** The absolute path of gofmt, which formats Go files. */
  readonly gofmt: string | undefined;
}

/** Publishes files atomically: copies beside the destination, then renames. Identical files are not touched. */
export interface CopyStep extends StepBase {
  readonly kind: 'copy';
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** Makes `link` point to `target` (as written). It replaces a link with another target. */
export interface SymlinkStep extends StepBase {
  readonly kind: 'symlink';
  readonly link: string;
  readonly target: string;
}

/** Writes a small file atomically. */
export interface WriteStep extends StepBase {
  readonly kind: 'write';
  readonly path: string;
  readonly text: string;
}

/**
 * Removes paths, including read-only directories such as Go's module cache. It removes a link but not its target.
 * Missing paths are fine.
 */
export interface RemoveStep extends StepBase {
  readonly kind: 'remove';
  readonly paths: readonly string[];
  /** The lock of this run, if it is below the paths. Either it stays for the following steps, or it is removed last. */
  readonly lock?: { readonly path: string; readonly stays: boolean };
}

/** Writes an archive with these members in this order, all with one time and owner 0. */
export interface ArchiveStep extends StepBase {
  readonly kind: 'archive';
  readonly to: string;
  readonly entries: readonly ArchiveEntry[];
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Compresses a file with gzip. */
export interface CompressStep extends StepBase {
  readonly kind: 'compress';
  readonly from: string;
  readonly to: string;
}

/** Writes an image as one tar file that is an OCI image layout and that an engine can load. */
export interface ImageStep extends StepBase {
  readonly kind: 'image';
  readonly to: string;
  readonly platform: Platform;
  /** `registry/name:tag` */
  readonly names: readonly string[];
  /** Directory of the base image, an OCI image layout; undefined for an empty base. */
  readonly base: string | undefined;
  readonly layers: readonly (readonly ArchiveEntry[])[];
  readonly config: ImageConfig;
  /** Annotations of its manifest and of the index that names it. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Writes the output of `sha256sum` for files of one directory, with names only. */
export interface ChecksumStep extends StepBase {
  readonly kind: 'checksum';
  readonly algorithm: 'sha256' | 'sha512';
  readonly files: readonly string[];
  readonly to: string;
}

/** Fetches an image from a registry into an OCI image layout, unless it exists. */
export interface PullStep extends StepBase {
  readonly kind: 'pull';
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Directory of the layout. */
  readonly to: string;
}

/** A multi-platform image: an index with one image for each platform. */
export interface ImageIndex {
  /** Name of the index: `registry/name:tag`. */
  readonly name: string;
  /** `archive` is relative to the root. */
  readonly images: readonly { readonly archive: string; readonly name: string; readonly platform: Platform }[];
  /** Annotations of the index. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Pushes images to a registry, and their index. */
export interface PushStep extends StepBase, ImageIndex {
  readonly kind: 'push';
  /** The names of the images of the tree's other platforms. */
  readonly others: readonly { readonly name: string; readonly platform: Platform }[];
  /** Directory of the release that describes the images. Its statements are pushed beside them. */
  readonly set: string;
  /** Existing tags are moved to the new images. */
  readonly moveTags: boolean;
}

/** Loads an image into the container engine. */
export interface LoadStep extends StepBase {
  readonly kind: 'load';
  readonly archive: string;
}

/** Writes a bill of materials for binaries. */
export interface SbomStep extends StepBase {
  readonly kind: 'sbom';
  /** Directory of vendored modules with their license texts; undefined for a tree without one. */
  readonly vendor: string | undefined;
  readonly format: 'spdx' | 'cyclonedx';
  readonly to: string;
  readonly name: string;
  readonly version: string;
  readonly binaries: readonly { readonly name: string; readonly platform: Platform; readonly file: string }[];
  /** Images by their names in registries; `holds` lists names of binaries. */
  readonly images: readonly (ImageIndex['images'][number] & { readonly holds: readonly string[] })[];
  /** GOROOT of the Go that built them. */
  readonly goroot: string;
  /** Files in the format of go.sum. */
  readonly sums: readonly string[];
  /** Seconds since the epoch. */
  readonly time: number;
}

/** A material of a release that is not one of its files: `go/bin/go`, `gcc`. */
export interface Material {
  readonly name: string;
  readonly file: string;
}

/** Writes an in-toto statement about files: their digests, and how they were built. It is not signed. */
export interface ProvenanceStep extends StepBase {
  readonly kind: 'provenance';
  readonly files: readonly string[];
  /** Input files, under names without a place. Missing files are left out. */
  readonly materials: readonly Material[];
  /** Lists the modules linked into these binaries, each with its sum from the binary or from one of `sums`. */
  readonly binaries: readonly string[];
  /** Files in the format of go.sum. */
  readonly sums: readonly string[];
  /** The Go that built them. Its command and its standard library are listed by digest. */
  readonly go: { readonly command: string; readonly goroot: string };
  /** Images by their names in registries, beside their archives. */
  readonly images: readonly ImageIndex[];
  readonly to: string;
  readonly predicateType: string;
  /** JSON. */
  readonly predicate: string;
}

export type Step =
  | ExecStep
  | GenerateStep
  | CopyStep
  | SymlinkStep
  | WriteStep
  | RemoveStep
  | ArchiveStep
  | CompressStep
  | ImageStep
  | ChecksumStep
  | PullStep
  | PushStep
  | LoadStep
  | SbomStep
  | ProvenanceStep
  | EngineStep
  | BaseImageStep
  | BuildImageStep
  | DataContainerStep
  | ContainerStep
  | ListStep
  | SyncStep
  | CopyOutStep
  | SweepStep;
export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;
