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

/** Runs a program. Its call may have holes, which its place fills. */
export interface ExecStep extends StepBase {
  readonly kind: 'exec';
  readonly place: PlaceName;
  /** It reads and prints where slipway does, as it goes. */
  readonly attached?: boolean;
  /** argv[0] is an absolute path or a name on PATH; no shell is involved. The words of its actions follow. */
  readonly argv: readonly string[];
  /** Words after those of the actions. */
  readonly last?: readonly string[];
  /** Relative to the root, or absolute. Also given as PWD, as Go trusts that when it names the same directory. */
  readonly cwd: string;
  /** Set on top of the plan's environment on this machine, and of nothing elsewhere. */
  readonly env: Environment;
  /** Variables of the plan's environment this step must not see. */
  readonly unset: readonly string[];
  /** A directory relative to the root the program may fill: emptied before, removed after. */
  readonly scratch: string | undefined;
  /** Bytes this step is expected to need at its peak; it waits until they are free, unless nothing else runs. */
  readonly memory: number;
  /**
   * The program is `go test`, of these import paths in these directories relative to the root: each action gets a result of its own,
   * and what its test binary reads is observed.
   */
  readonly tests?: Readonly<Record<string, string>>;
  /** Packages whose tests fail are run again until they pass, as often in all: what passes then is flaky. */
  readonly attempts?: number;
  /** Tests of those packages whose failures do not count today, by import path. */
  readonly quarantine?: readonly Quarantined[];
  /** What tests print that pass is kept for this run, too. */
  readonly verbose?: true;
  /** It runs in a view of the tree that is its own, where what it reads is observed. */
  readonly check?: CheckRun;
}

/** A script that says whether the tree is as it should be, or puts it right. */
export interface CheckRun {
  readonly kind: 'verify' | 'update';
  /** `boilerplate`. */
  readonly name: string;
  readonly view: 'overlay' | 'copy';
  readonly traces: boolean;
  /** A check of ours, which writes what should be there: of one that verifies, that is what it found. */
  readonly own: boolean;
  /** Why a pass is kept although another machine was asked; undefined: then it is not. */
  readonly keptOnline: string | undefined;
  /** What puts right what it finds. */
  readonly remedy: string | undefined;
  /** Seconds it may take; undefined: any time. */
  readonly budget: number | undefined;
}

/**
 * Runs a program that writes files of the sources, in a directory of its own; they appear whole in the tree, and those it no longer
 * makes disappear.
 */
export interface GenerateStep extends StepBase {
  readonly kind: 'generate';
  readonly argv: readonly string[];
  /** As an ExecStep's. */
  readonly cwd: string;
  readonly env: Environment;
  readonly unset: readonly string[];
  /** Relative to the root; emptied before, removed after. */
  readonly scratch: string;
  /** Files of the root that are laid below `scratch` before, under their names: for a program that writes beside what it reads. */
  readonly copies: readonly string[];
  /** `from` is below `scratch`, `to` relative to the root. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** What the program made must equal a file of the tree, both as above; the failure shows how they differ. */
  readonly equal: readonly { readonly made: string; readonly known: string; readonly hint: string }[];
  /** go files are formatted by gofmt: the absolute path of it. */
  readonly gofmt: string | undefined;
}

/** Publishes files whole: copied beside their destination, then renamed. A file that is already the same is left alone. */
export interface CopyStep extends StepBase {
  readonly kind: 'copy';
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** Makes `link` point to `target` (kept as written), replacing a link that points elsewhere. */
export interface SymlinkStep extends StepBase {
  readonly kind: 'symlink';
  readonly link: string;
  readonly target: string;
}

/** Writes a small file whole. */
export interface WriteStep extends StepBase {
  readonly kind: 'write';
  readonly path: string;
  readonly text: string;
}

/** Removes paths, read-only directories (Go's module cache) included; of a link the link. Missing ones are fine. */
export interface RemoveStep extends StepBase {
  readonly kind: 'remove';
  readonly paths: readonly string[];
  /** The lock this run holds, where that is below the paths: it stays for the steps that follow, or it is what goes last. */
  readonly lock?: { readonly path: string; readonly stays: boolean };
}

/** Writes an archive: these members, in this order, all of one time and owner 0. */
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

/** Writes an image as one tar that is an OCI image layout, and that an engine loads. */
export interface ImageStep extends StepBase {
  readonly kind: 'image';
  readonly to: string;
  readonly platform: Platform;
  /** `registry/name:tag` */
  readonly names: readonly string[];
  /** Directory of an OCI image layout it begins with; undefined for nothing. */
  readonly base: string | undefined;
  readonly layers: readonly (readonly ArchiveEntry[])[];
  readonly config: ImageConfig;
  /** Of its manifest and of the index that names it. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Writes what `sha256sum` would print of files of one directory, by name only. */
export interface ChecksumStep extends StepBase {
  readonly kind: 'checksum';
  readonly algorithm: 'sha256' | 'sha512';
  readonly files: readonly string[];
  readonly to: string;
}

/** Fetches an image from a registry into an OCI image layout, unless it is there. */
export interface PullStep extends StepBase {
  readonly kind: 'pull';
  readonly image: string;
  readonly platforms: readonly Platform[];
  /** Directory of the layout. */
  readonly to: string;
}

/** Images that are one for several platforms, by an index that names them. */
export interface ImageIndex {
  /** Of the index: `registry/name:tag`. */
  readonly name: string;
  /** `archive` is relative to the root. */
  readonly images: readonly { readonly archive: string; readonly name: string; readonly platform: Platform }[];
  /** Of the index. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Sends images to a registry, and their index. */
export interface PushStep extends StepBase, ImageIndex {
  readonly kind: 'push';
  /** What the images of the tree's other platforms are called by themselves. */
  readonly others: readonly { readonly name: string; readonly platform: Platform }[];
  /** Directory of the release that describes them, if there is one: what it says of them goes beside them. */
  readonly set: string;
  /** Names that are there for other images are taken from them. */
  readonly moveTags: boolean;
}

/** Hands an image to the container engine. */
export interface LoadStep extends StepBase {
  readonly kind: 'load';
  readonly archive: string;
}

/** Writes a bill of materials of binaries. */
export interface SbomStep extends StepBase {
  readonly kind: 'sbom';
  /** Directory of vendored modules, where the texts of their licences are; undefined for a tree without one. */
  readonly vendor: string | undefined;
  readonly format: 'spdx' | 'cyclonedx';
  readonly to: string;
  readonly name: string;
  readonly version: string;
  readonly binaries: readonly { readonly name: string; readonly platform: Platform; readonly file: string }[];
  /** By what registries call them; `holds` are names of binaries. */
  readonly images: readonly (ImageIndex['images'][number] & { readonly holds: readonly string[] })[];
  /** Of the Go that built them. */
  readonly goroot: string;
  /** Files of go.sum's form. */
  readonly sums: readonly string[];
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Something that went into a release and is no file of it: `go/bin/go`, `gcc`. */
export interface Material {
  readonly name: string;
  readonly file: string;
}

/** Writes an in-toto statement about files: their digests, and how they were made. Nobody signs here for himself. */
export interface ProvenanceStep extends StepBase {
  readonly kind: 'provenance';
  readonly files: readonly string[];
  /** Files it was made with, under names without a place; one that is not there is left out. */
  readonly materials: readonly Material[];
  /** What was linked into these is named, each module with the sum it has there or in one of `sums`. */
  readonly binaries: readonly string[];
  /** Files of go.sum's form. */
  readonly sums: readonly string[];
  /** What built them; its command and the source of its standard library are named by digest. */
  readonly go: { readonly command: string; readonly goroot: string };
  /** By what registries call them, beside their archives. */
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
