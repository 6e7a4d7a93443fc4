import type { Environment, GoRequirement, GoToolchain, Moved, Platform } from '@slipway/model';

export interface GoRequest {
  /** What the tree, or GO_VERSION, asks for; undefined takes any Go. */
  readonly requirement: GoRequirement | undefined;
  /** The request's variables; FORCE_HOST_GO is looked at. */
  readonly variables: Environment;
  /** PATH, HOME, GOTOOLCHAIN, GOPROXY, GOMODCACHE … as inherited. */
  readonly env: Environment;
  readonly root: string;
  /** Told about downloads, which take a while: what is done, and the same again with how far it is. */
  progress?(message: string, moved?: Moved): void;
  readonly signal?: AbortSignal;
}

export interface PlatformsRequest {
  readonly toolchain: GoToolchain;
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

export interface GoFinder {
  /**
   * The go command to use: from PATH when it fits, else one that was downloaded before, else downloaded now the way Go
   * does it. Throws GO_UNAVAILABLE or HASH_MISMATCH.
   */
  findGo(request: GoRequest): Promise<GoToolchain>;
  /** What `go tool dist list` prints, sorted. */
  listPlatforms(request: PlatformsRequest): Promise<readonly Platform[]>;
}

export interface GoModFile {
  /** Import path. */
  readonly module: string;
  /** The go line's version. */
  readonly go: string | undefined;
  /** The toolchain line's name without `go`; undefined when there is none or it says `default`. */
  readonly toolchain: string | undefined;
  /** Packages of the tool lines. */
  readonly tools: readonly string[];
  /** Directories of the ignore lines, as written. */
  readonly ignore: readonly string[];
}

export interface GoWorkFile {
  /** As written. */
  readonly use: readonly string[];
  readonly go: string | undefined;
  readonly toolchain: string | undefined;
}
