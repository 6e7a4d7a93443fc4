import type { Environment } from './environment.ts';
import type { Platform } from './platform.ts';
import type { StepBase } from './step-base.ts';

/** What the containerized flow needs to know besides the facts. */
export interface ContainerFacts {
  readonly hostname: string;
  /** Empty when none is checked out. */
  readonly branch: string;
  /** `uid:gid` of who runs this. */
  readonly user: string;
  /** Different each time. */
  readonly run: string;
  /** `build/build-image/VERSION` of the tree, and the one of the image it begins from. */
  readonly version: { readonly build: string | undefined; readonly cross: string | undefined };
  /** Debian packages of an image that is made here. */
  readonly packages: readonly string[];
  /** The certificates this machine trusts, a file; undefined when there is none. */
  readonly certificates: string | undefined;
  /** The engine is reached over a network: its disk and its ports are not those of this machine. */
  readonly remote: boolean;
}

/** Marks what slipway made in an engine; clean-up goes by them, never by name. */
export const labels = {
  /** Digest of host and path of a checkout. */
  tree: 'slipway.tree',
  /** Of a data container and its volume: the path of the checkout, for who finds them when it is gone. */
  root: 'slipway.root',
  /** The run that made it. */
  run: 'slipway.run',
  /** Of an image: what it was made from. Of a volume: changes when it is made anew. */
  key: 'slipway.key',
  /** Of an image: digests of the files it was given, on which no build depends. */
  files: 'slipway.files',
  /** Of an image: JSON, sha256 of each C compiler by its path in the image. */
  compilers: 'slipway.compilers',
} as const;

/** Asks whether an engine is there and has what a build needs. */
export interface EngineStep extends StepBase {
  readonly kind: 'engine';
  /** The engine's machine is to be of this kind, as this machine's Go runs there. */
  readonly platform: Platform;
  /** Bytes. */
  readonly memory: number;
  /** The tree is bound there: it has to belong to the same user. */
  readonly bound: boolean;
  /** The command that does the same without an engine, for who has none. */
  readonly instead: string | undefined;
}

/** How the image all builds begin from comes to be. */
export interface BaseImage {
  readonly reference: string;
  /** The name it has in a registry; undefined: it is made here, from packages of the distribution. */
  readonly pull: string | undefined;
  /** Debian packages, without versions: the newest there are when it is made. */
  readonly packages: readonly string[];
  readonly goroot: string;
  readonly goVersion: string;
}

/** Has the base image in the engine. */
export interface BaseImageStep extends StepBase, BaseImage {
  readonly kind: 'base-image';
  /** Made again even when it is there. */
  readonly always: boolean;
}

/** Builds an image from a context directory. */
export interface BuildImageStep extends StepBase {
  readonly kind: 'build-image';
  readonly reference: string;
  /** What its Dockerfile begins from. */
  readonly base: string;
  /** Relative to the root. */
  readonly context: string;
  /** Files of this machine that are laid into the context for the Dockerfile to copy: `from` absolute, `to` relative to the root. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** Those Docker knows without being told: the way to the network. */
  readonly arguments: Environment;
  readonly labels: Environment;
}

export interface Mount {
  readonly kind: 'volume' | 'bind';
  /** Name of the volume, or absolute path on this machine. */
  readonly from: string;
  readonly to: string;
  /** A path below a bound directory that no other directory has: its absence tells that the engine bound another one. */
  readonly witness?: string;
}

/** Starts a container that idles until something is executed in it; it ends with this process. */
export interface ContainerStep extends StepBase {
  readonly kind: 'container';
  readonly name: string;
  readonly image: string;
  readonly hostname: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly mounts: readonly Mount[];
  readonly labels: Environment;
  readonly cgroupParent: string | undefined;
}

/** A volume and the container that keeps it: made once, with directories that belong to `user`. */
export interface DataContainerStep extends StepBase {
  readonly kind: 'data-container';
  readonly name: string;
  readonly volume: string;
  readonly image: string;
  readonly user: string;
  /** Where the volume is, and directories made in it. */
  readonly path: string;
  readonly directories: readonly string[];
  readonly labels: Environment;
}

/** How files are sent to a container. */
export type Sender = 'tar' | 'rsync' | 'rsync-exec';
/** How the tree gets into the build container. */
export type Transport = Sender | 'bind';

/** What is special about rsync. */
export interface RsyncSettings {
  /** The container that its daemon runs in while files are sent to a port. */
  readonly container: Pick<ContainerStep, 'name' | 'image' | 'hostname' | 'mounts' | 'labels' | 'cgroupParent'>;
  /** Of the loopback interface of the engine's machine; undefined: the engine chooses. */
  readonly port: number | undefined;
  /** rsync's level; 0 sends files as they are. */
  readonly compression: number;
}

/** Looks at every file of the tree while something else goes on; the sync of the same manifest sends what differs from it. */
export interface ListStep extends StepBase, Pick<SyncStep, 'from' | 'exclude' | 'manifest'> {
  readonly kind: 'list';
}

/** Makes a directory of a container equal to the tree, apart from what is excluded. */
export interface SyncStep extends StepBase {
  readonly kind: 'sync';
  /** Relative to the root; empty for the root. */
  readonly from: string;
  readonly container: string;
  /** Absolute, in the container. */
  readonly to: string;
  readonly user: string;
  /** A path from the root (`/_output`), or a name anywhere (`node_modules`). */
  readonly exclude: readonly string[];
  /** In order: the next is taken where one cannot be had. */
  readonly senders: readonly Sender[];
  readonly rsync: RsyncSettings;
  /** What is known of the directory, in the output; relative to the root. */
  readonly manifest: string;
}

/** Copies what a command made in a container to the tree. */
export interface CopyOutStep extends StepBase {
  readonly kind: 'copy-out';
  readonly container: string;
  readonly user: string;
  /** Absolute, in the container. */
  readonly from: string;
  /** Directories copied whole, relative to the root. */
  readonly directories: readonly string[];
  /** Patterns of file names (`zz_generated.*`); only files that changed since the sync are copied. */
  readonly names: readonly string[];
  readonly manifest: string;
}

/** Removes what carries these labels, and is one of these kinds of things. */
export interface SweepStep extends StepBase {
  readonly kind: 'sweep';
  readonly labels: Environment;
  readonly what: readonly ('containers' | 'volumes' | 'images')[];
}
