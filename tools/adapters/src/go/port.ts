import type { Environment, GoRequirement, GoToolchain, Moved, Platform } from '@slipway/model';

export interface GoRequest {
  /** The requirement of the tree or of GO_VERSION; undefined accepts any Go. */
  readonly requirement: GoRequirement | undefined;
  /** The request's variables. FORCE_HOST_GO is used. */
  readonly variables: Environment;
  /** The inherited environment: PATH, HOME, GOTOOLCHAIN, GOPROXY, GOMODCACHE … */
  readonly env: Environment;
  readonly root: string;
  /** Gets the progress of downloads. */
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
   * The go command to use: the one on PATH if it fits, else one downloaded earlier, else a new download by Go's rules.
   * Throws GO_UNAVAILABLE or HASH_MISMATCH.
   */
  findGo(request: GoRequest): Promise<GoToolchain>;
  /** The sorted output of `go tool dist list`. */
  listPlatforms(request: PlatformsRequest): Promise<readonly Platform[]>;
}

export interface GoModFile {
  /** Import path. */
  readonly module: string;
  /** The go line's version. */
  readonly go: string | undefined;
  /** The toolchain line's name without `go`; undefined without one, or for `default`. */
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
