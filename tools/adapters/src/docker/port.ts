import type { Readable, Writable } from 'node:stream';
import type { DataContainerStep, Environment, Meter, Mount, Platform, SweepStep } from '@slipway/model';

export interface EngineDescription {
  /** `Docker 20.10.24`. */
  readonly version: string;
  readonly platform: Platform;
  /** Bytes of memory of the engine's machine. */
  readonly memory: number;
  /** The engine runs as a user, who is root in its containers. */
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
  /** A TCP port of it, and its port on the loopback interface of the engine's machine; undefined: any. */
  readonly publish?: { readonly port: number; readonly at: number | undefined };
}

/** An address where something listens. */
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
  /** A terminal of this size, with notice of changes. */
  readonly terminal?: TerminalSize;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  onResize(listener: (columns: number, rows: number) => void): void;
}

/**
 * A Docker-compatible engine. It connects at the first call. Every call throws a FailureError: NO_ENGINE if none
 * answers, ENGINE_LOST if the connection breaks, INTERRUPTED after its signal.
 */
export interface ContainerEngine {
  /** Reports whether the engine is on another machine. Throws BAD_VALUE for an invalid address. */
  isRemote(): boolean;
  describe(): Promise<EngineDescription>;
  /** Undefined if there is no image of that name. */
  image(reference: string): Promise<EngineImage | undefined>;
  /**
   * Pulls the image and gives it a second name. `meter` counts the bytes that the engine reports. Throws IMAGE_FAILED
   * if the registry does not have it or cannot be reached.
   */
  pullImage(
    reference: string,
    name: string,
    how: { readonly signal: AbortSignal; readonly meter?: Meter | undefined },
  ): Promise<void>;
  /** An archive in the format of `docker save`: its bytes, or its path. */
  loadImage(archive: Readable | string, signal: AbortSignal): Promise<void>;
  /** Returns the build's output. Throws IMAGE_FAILED with it. */
  buildImage(build: ImageBuild, signal: AbortSignal): Promise<string>;
  volume(name: string): Promise<DataVolume | undefined>;
  createVolume(volume: DataVolume): Promise<void>;
  hasContainer(name: string): Promise<boolean>;
  /**
   * The container never starts; it keeps the volume from being pruned. Its directories are created, owned by its user.
   */
  createDataContainer(container: DataContainer): Promise<void>;
  /**
   * Starts a container that ends and is removed when this process ends in any way. A leftover of a crash with the same
   * name and the same tree's label is replaced; any other container of that name is CONTAINER_NAME_TAKEN.
   */
  startContainer(spec: ContainerSpec, signal: AbortSignal): Promise<void>;
  /**
   * Returns the exit code of a command. Throws CONTAINER_LOST if the container ended meanwhile; then no result of the
   * command counts.
   */
  execute(command: ContainerCommand): Promise<number>;
  /** Reports whether the file exists in a container, running or not. */
  hasFile(container: string, path: string): Promise<boolean>;
  /** The addresses of a published port: on the engine's machine, and at the container. */
  endpoints(container: string, port: number): Promise<readonly Endpoint[]>;
  /** Ends a container that this process started. */
  endContainer(name: string): Promise<void>;
  /** Removes objects with all these labels; returns their names. */
  sweep(what: SweepStep['what'], labels: Environment): Promise<readonly string[]>;
  /** Ends the containers of this process. */
  close(): Promise<void>;
}
