import type { Readable, Writable } from 'node:stream';
import type { DataContainerStep, Environment, Meter, Mount, Platform, SweepStep } from '@slipway/model';

export interface EngineDescription {
  /** `Docker 20.10.24`. */
  readonly version: string;
  readonly platform: Platform;
  /** Bytes the engine's machine has. */
  readonly memory: number;
  /** It runs as a user, who is root in its containers. */
  readonly rootless: boolean;
}

export interface EngineImage {
  /** `sha256:…`. */
  readonly id: string;
  readonly labels: Environment;
}

export interface ImageBuild {
  readonly reference: string;
  /** Directory with a Dockerfile. */
  readonly context: string;
  readonly arguments: Environment;
  readonly labels: Environment;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly hostname: string;
  readonly user: string;
  readonly mounts: readonly Mount[];
  readonly labels: Environment;
  readonly cgroupParent: string | undefined;
  /** A TCP port of it, and which of the loopback interface of the engine's machine leads there; undefined: any. */
  readonly publish?: { readonly port: number; readonly at: number | undefined };
}

/** Where something listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface DataVolume {
  readonly name: string;
  readonly labels: Environment;
}

export type DataContainer = Pick<
  DataContainerStep,
  'name' | 'volume' | 'image' | 'user' | 'path' | 'directories' | 'labels'
>;

export interface ContainerCommand {
  readonly container: string;
  readonly user: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: Environment;
  readonly input?: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  readonly signal: AbortSignal;
  /** A terminal of that many columns and rows, told about changes. */
  readonly terminal?: TerminalSize;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  onResize(listener: (columns: number, rows: number) => void): void;
}

/**
 * A Docker-compatible engine. Nothing is asked before the first call. Every call throws a FailureError: NO_ENGINE when none
 * answers, ENGINE_LOST when it goes away, INTERRUPTED when its signal was raised.
 */
export interface ContainerEngine {
  /** Whether it is reached over a network. Throws BAD_VALUE when its address means nothing. */
  isRemote(): boolean;
  describe(): Promise<EngineDescription>;
  /** Undefined when there is none of that name. */
  image(reference: string): Promise<EngineImage | undefined>;
  /** Pulls the image and gives it a second name. `meter` counts the bytes that the engine reports. Throws IMAGE_FAILED when the registry does not have it or cannot be reached. */
  pullImage(
    reference: string,
    name: string,
    how: { readonly signal: AbortSignal; readonly meter?: Meter | undefined },
  ): Promise<void>;
  /** An archive as `docker save` writes it: its bytes, or the path of it. */
  loadImage(archive: Readable | string, signal: AbortSignal): Promise<void>;
  /** What the build printed. Throws IMAGE_FAILED with it. */
  buildImage(build: ImageBuild, signal: AbortSignal): Promise<string>;
  volume(name: string): Promise<DataVolume | undefined>;
  createVolume(volume: DataVolume): Promise<void>;
  hasContainer(name: string): Promise<boolean>;
  /** Never started: it keeps the volume from being pruned. Its directories are made, and belong to its user. */
  createDataContainer(container: DataContainer): Promise<void>;
  /**
   * Starts a container that ends and is removed with this process, however that ends. One of the same name that carries
   * the same tree's label was left by a crash, and is replaced; another's is CONTAINER_NAME_TAKEN.
   */
  startContainer(spec: ContainerSpec, signal: AbortSignal): Promise<void>;
  /** The exit code of a command. Throws CONTAINER_LOST when the container ended meanwhile: then nothing it did counts. */
  execute(command: ContainerCommand): Promise<number>;
  /** Whether there is such a file in a container, running or not. */
  hasFile(container: string, path: string): Promise<boolean>;
  /** Where a port a container publishes is reached: as published, and at its own address. */
  endpoints(container: string, port: number): Promise<readonly Endpoint[]>;
  /** Ends a container that was started here. */
  endContainer(name: string): Promise<void>;
  /** Removes what carries all the labels; gives the names of what was removed. */
  sweep(what: SweepStep['what'], labels: Environment): Promise<readonly string[]>;
  /** Ends the containers this process started. */
  close(): Promise<void>;
}
