import type { Environment } from './environment.ts';
import type { Platform } from './platform.ts';
import type { StepBase } from './step-base.ts';

/** Facts for the containerized flow, besides the facts of a local build. */
export interface ContainerFacts {
  readonly hostname: string;
  /** Empty when no branch is checked out. */
  readonly branch: string;
  /** `uid:gid` of the user who runs slipway. */
  readonly user: string;
  /** Differs in each run. */
  readonly run: string;
  /** `build/build-image/VERSION` of the tree, and the version of the base image. */
  readonly version: { readonly build: string | undefined; readonly cross: string | undefined };
  /** Debian packages of an image that slipway builds. */
  readonly packages: readonly string[];
  /** A file with the certificates that this machine trusts; undefined when there is none. */
  readonly certificates: string | undefined;
  /** The engine is on another machine. It does not share this machine's disk and ports. */
  readonly remote: boolean;
}

/** Labels of everything that slipway makes in an engine. Clean-up selects by label, never by name. */
export const labels = {
  /** Digest of the host and the path of a checkout. */
  tree: 'slipway.tree',
  /** On a data container and its volume: the path of the checkout, so that users can tell whose it was. */
  root: 'slipway.root',
  /** The run that made it. */
  run: 'slipway.run',
  /** On an image: a digest of its sources. On a volume: changes when the volume is made again. */
  key: 'slipway.key',
  /** On an image: digests of the files it contains that no build depends on. */
  files: 'slipway.files',
  /** On an image: JSON with the sha256 of each C compiler, by its path in the image. */
  compilers: 'slipway.compilers',
} as const;

/** Checks that an engine answers and that it meets a build's requirements. */
export interface EngineStep extends StepBase {
  readonly kind: 'engine';
  /** The platform the engine must have, because the Go toolchain is for it. */
  readonly platform: Platform;
  /** Bytes. */
  readonly memory: number;
  /** The engine binds the tree, so the tree must belong to the same user. */
  readonly bound: boolean;
  /** A command with the same result that needs no engine; failures suggest it. */
  readonly instead: string | undefined;
}

/** How slipway gets the base image of all builds. */
export interface BaseImage {
  readonly reference: string;
  /** Its name in a registry. Undefined: slipway builds it from packages of the distribution. */
  readonly pull: string | undefined;
  /** Debian packages without versions: the build takes the newest. */
  readonly packages: readonly string[];
  readonly goroot: string;
  readonly goVersion: string;
}

/** Makes sure that the engine has the base image. */
export interface BaseImageStep extends StepBase, BaseImage {
  readonly kind: 'base-image';
  /** Build it again even when it exists. */
  readonly always: boolean;
}

/** Builds an image from a context directory. */
export interface BuildImageStep extends StepBase {
  readonly kind: 'build-image';
  readonly reference: string;
  /** The image in the Dockerfile's FROM line. */
  readonly base: string;
  /** Relative to the root. */
  readonly context: string;
  /**
   * Files of this machine that are added to the context for the Dockerfile: `from` absolute, `to` relative to the root.
   */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  /** Docker's predefined build arguments: the proxy settings. */
  readonly arguments: Environment;
  readonly labels: Environment;
}

export interface Mount {
  readonly kind: 'volume' | 'bind';
  /** Name of the volume, or absolute path on this machine. */
  readonly from: string;
  readonly to: string;
  /**
   * A path that exists below this bound directory and below no other one. If the container does not see it, the engine
   * bound a different directory.
   */
  readonly witness?: string;
}

/** Starts a container that is idle until a command is executed in it. It ends with this process. */
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

/** A volume and the container that keeps it. They are created once, with directories owned by `user`. */
export interface DataContainerStep extends StepBase {
  readonly kind: 'data-container';
  readonly name: string;
  readonly volume: string;
  readonly image: string;
  readonly user: string;
  /** The mount point of the volume, and the directories to create in it. */
  readonly path: string;
  readonly directories: readonly string[];
  readonly labels: Environment;
}

/** How slipway sends files to a container. */
export type Sender = 'tar' | 'rsync' | 'rsync-exec';
/** How the build container gets the tree. */
export type Transport = Sender | 'bind';

/** Settings of rsync. */
export interface RsyncSettings {
  /** The container that runs rsync's daemon while files are sent to a port. */
  readonly container: Pick<ContainerStep, 'name' | 'image' | 'hostname' | 'mounts' | 'labels' | 'cgroupParent'>;
  /** A port on the loopback interface of the engine's machine; undefined: the engine chooses one. */
  readonly port: number | undefined;
  /** rsync's compression level; 0 turns compression off. */
  readonly compression: number;
}

/** Lists all files of the tree while another step runs. The sync with the same manifest sends the differences. */
export interface ListStep extends StepBase, Pick<SyncStep, 'from' | 'exclude' | 'manifest'> {
  readonly kind: 'list';
}

/** Makes a directory of a container equal to the tree, except for excluded paths. */
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
  /** In order of preference. If one is not available, slipway takes the next. */
  readonly senders: readonly Sender[];
  readonly rsync: RsyncSettings;
  /** The list of files in that directory, kept in the output; relative to the root. */
  readonly manifest: string;
}

/** Copies files that a command wrote in a container to the tree. */
export interface CopyOutStep extends StepBase {
  readonly kind: 'copy-out';
  readonly container: string;
  readonly user: string;
  /** Absolute, in the container. */
  readonly from: string;
  /** Directories that are copied completely, relative to the root. */
  readonly directories: readonly string[];
  /** Patterns of file names (`zz_generated.*`); only files that changed since the sync are copied. */
  readonly names: readonly string[];
  readonly manifest: string;
}

/** Removes the objects of these kinds that carry these labels. */
export interface SweepStep extends StepBase {
  readonly kind: 'sweep';
  readonly labels: Environment;
  readonly what: readonly ('containers' | 'volumes' | 'images')[];
}
