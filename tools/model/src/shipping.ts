import type { DirectoryEntry, ImageConfig, LinkEntry, TextEntry } from './archive.ts';
import type { PlanNote } from './plan.ts';
import type { Platform } from './platform.ts';

/** Stands for the version in what is said of a release before the version is known. */
export const SHIPPED_VERSION = '@git+Version@';
/** The same without its v. */
export const SHIPPED_NUMBER = '@git+Number@';
/** The version in tags of images, which cannot hold a `+`. */
export const SHIPPED_TAG = '@git_Version@';

/** No user of that number is anybody else. */
export const NOBODY = '65532:65532';

/** What a tree ships. */
export interface Shipping {
  readonly tarballs: readonly ShippedTarball[];
  readonly images: readonly ShippedImage[];
}

export interface ShippedTarball {
  /** `kubernetes-client-linux-amd64.tar.gz` */
  readonly name: string;
  /** `commit`: what git archive makes of the commit that is checked out. */
  readonly entries: readonly ShippedEntry[] | 'commit';
}

/** A member of a tarball, before it is known where binaries and other artifacts will lie. */
export type ShippedEntry =
  | {
      readonly path: string;
      readonly binary: string;
      readonly platform: Platform;
      /** As a FileEntry's. */
      readonly capabilities?: readonly number[];
    }
  /** Another artifact, by its name: `kubernetes-src.tar.gz`, or `amd64/kube-apiserver.tar`, an image. */
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
  /** What it begins with: `scratch`, `oci:DIRECTORY`, or a name in a registry. */
  readonly base: string;
  /** Directories above what they hold need not be said. */
  readonly layers: readonly (readonly ShippedEntry[])[];
  readonly config: ImageConfig;
}

/** An image as `slipway.config.ts` has it, with what follows from it. */
export interface ImageSettings {
  readonly name: string;
  /** Names of binaries; there is at least one. */
  readonly binaries: readonly string[];
  /** Files and directories of the tree, by their place in the image, which begins with a slash. */
  readonly files: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What it begins with. */
  readonly base: string;
}

/** Archives as `slipway.config.ts` has them. Words in braces stand for what is known later. */
export interface ArchiveSettings {
  readonly name: string;
  readonly per: 'platform' | 'set' | 'command';
  /** Names of binaries; undefined: all but those of the tests. */
  readonly binaries: readonly string[] | undefined;
  readonly format: string;
  /** By the first word of a platform. */
  readonly formats: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly directory: string;
  /** Files and directories, relative to the root. */
  readonly files: readonly string[];
}

/** What `slipway.config.ts` says of releases, and conventions where it does not. */
export interface ReleaseSettings {
  /** First word of every file's name, and the directory inside. */
  readonly name: string;
  /** First part of the names of images. */
  readonly registry: string;
  readonly images: readonly ImageSettings[];
  /** Files and directories, relative to the root, in node and server tarballs and the last one. */
  readonly licenses: readonly string[];
  readonly manifests: readonly string[];
  /** Beside the test binaries, for every platform. */
  readonly portable: readonly string[];
  /** In the last tarball. */
  readonly files: readonly string[];
  /** Instead of all tarballs. */
  readonly archives?: readonly ArchiveSettings[];
  /** A file of sums of these archives. */
  readonly checksums?: string;
}

/** Files and directories of the tree that a release holds, relative to its root. */
export const shippedPaths = (settings: ReleaseSettings): string[] => [
  ...(settings.archives === undefined
    ? [...settings.licenses, ...settings.manifests, ...settings.portable, ...settings.files]
    : settings.archives.flatMap(({ files }) => files)),
  ...settings.images.flatMap(({ files }) => Object.values(files)),
];

/** What is read of a tree only for a release. */
export interface ShippingFacts {
  /** What the tree's own scripts ship; undefined when its settings say it. */
  readonly scripted: Shipping | undefined;
  /** What those scripts would make, and we do not. */
  readonly leftOut: readonly PlanNote[];
  /** What the files and directories of the settings hold, by their name there; a missing one is not here. */
  readonly files: Readonly<Record<string, readonly SourceMember[]>>;
  /** What compresses archives, with its version and level: it decides their bytes. */
  readonly compressor: string;
  /** Where git got the repository from, without user and password; undefined for none, and for a place on a disk. */
  readonly repository?: string;
  /** Of SPDX's list, by the text at the root; undefined where that is in doubt. */
  readonly license?: string;
  /** Everything in the tree that is no output and not ignored: the source of a commit with changes, or without git. */
  readonly source: readonly SourceMember[];
}

/** Something in a directory of the tree, sorted by path. */
export type SourceMember =
  | SourceFile
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly directory: true };
