import type { DirectoryEntry, ImageConfig, LinkEntry, TextEntry } from './archive.ts';
import type { PlanNote } from './plan.ts';
import type { Platform } from './platform.ts';

/** Placeholder for the version in a release until the version is known. */
export const SHIPPED_VERSION = '@git+Version@';
/** The same without the v. */
export const SHIPPED_NUMBER = '@git+Number@';
/** The version for image tags, which cannot contain a `+`. */
export const SHIPPED_TAG = '@git_Version@';

/** The user `nobody`, by a number that no other user has. */
export const NOBODY = '65532:65532';

/** The artifacts of a tree's release. */
export interface Shipping {
  readonly tarballs: readonly ShippedTarball[];
  readonly images: readonly ShippedImage[];
}

export interface ShippedTarball {
  /** `kubernetes-client-linux-amd64.tar.gz` */
  readonly name: string;
  /** `commit`: the output of git archive for the checked-out commit. */
  readonly entries: readonly ShippedEntry[] | 'commit';
}

/** A member of a tarball, before the paths of binaries and other artifacts are known. */
export type ShippedEntry =
  | {
      readonly path: string;
      readonly binary: string;
      readonly platform: Platform;
      /** The same as a FileEntry's. */
      readonly capabilities?: readonly number[];
    }
  /** Another artifact, by name: `kubernetes-src.tar.gz`, or `amd64/kube-apiserver.tar`, an image. */
  | { readonly path: string; readonly artifact: string }
  | { readonly path: string; readonly source: SourceFile }
  | TextEntry
  | LinkEntry
  | DirectoryEntry;

/** A file of the tree. */
export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly executable: boolean;
}

export interface ShippedImage {
  /** `kube-apiserver` */
  readonly name: string;
  readonly platform: Platform;
  /** `registry.example/kube-apiserver-amd64:@git_Version@` */
  readonly names: readonly string[];
  /** The base: `scratch`, `oci:DIRECTORY`, or a name in a registry. */
  readonly base: string;
  /** Parent directories may be left out. */
  readonly layers: readonly (readonly ShippedEntry[])[];
  readonly config: ImageConfig;
}

/** An image as `slipway.config.ts` defines it, with defaults filled in. */
export interface ImageSettings {
  readonly name: string;
  /** Names of binaries; at least one. */
  readonly binaries: readonly string[];
  /** Files and directories of the tree, by their path in the image, which begins with a slash. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The base image. */
  readonly base: string;
}

/** An archive as `slipway.config.ts` defines it. Words in braces are placeholders. */
export interface ArchiveSettings {
  readonly name: string;
  readonly per: 'platform' | 'set' | 'command';
  /** Names of binaries; undefined: all except test binaries. */
  readonly binaries: readonly string[] | undefined;
  readonly format: string;
  /** Formats by operating system. */
  readonly formats: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly directory: string;
  /** Files and directories, relative to the root. */
  readonly files: readonly string[];
}

/** The release settings of `slipway.config.ts`, with conventions for missing ones. */
export interface ReleaseSettings {
  /** The first word of all file names, and the directory inside archives. */
  readonly name: string;
  /** The first part of image names. */
  readonly registry: string;
  readonly images: readonly ImageSettings[];
  /** Files and directories, relative to the root, in node and server tarballs and the last one. */
  readonly licenses: readonly string[];
  readonly manifests: readonly string[];
  /** Files beside the test binaries, for every platform. */
  readonly portable: readonly string[];
  /** Files in the last tarball. */
  readonly files: readonly string[];
  /** Replace all tarballs. */
  readonly archives?: readonly ArchiveSettings[];
  /** Name of a checksum file for these archives. */
  readonly checksums?: string;
}

/** Files and directories of the tree that a release contains, relative to its root. */
export const shippedPaths = (settings: ReleaseSettings): string[] => [
  ...(settings.archives === undefined
    ? [...settings.licenses, ...settings.manifests, ...settings.portable, ...settings.files]
    : settings.archives.flatMap(({ files }) => files)),
  ...settings.images.flatMap(({ files }) => Object.values(files)),
];

/** Facts of a tree that only a release needs. */
export interface ShippingFacts {
  /** The artifacts of the tree's own scripts; undefined when its settings define them. */
  readonly scripted: Shipping | undefined;
  /** Artifacts of those scripts that slipway does not make. */
  readonly leftOut: readonly PlanNote[];
  /** Members of the files and directories in the settings, by their name there. Missing ones are left out. */
  readonly files: Readonly<Record<string, readonly SourceMember[]>>;
  /** The compressor with its version and level. It affects the bytes of archives. */
  readonly compressor: string;
  /** The URL of git's remote, without user and password; undefined without a remote, or for a local path. */
  readonly repository?: string;
  /** The SPDX identifier of the text at the root; undefined in doubt. */
  readonly license?: string;
  /** All files of the tree except outputs and ignored files: the source of a commit with changes, or without git. */
  readonly source: readonly SourceMember[];
}

/** A member of a directory of the tree, sorted by path. */
export type SourceMember =
  | SourceFile
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly directory: true };
