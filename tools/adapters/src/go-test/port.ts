import type { Environment, Observed, Unobserved } from '@slipway/model';

/** Starts test binaries in a way that reveals their reads. */
export interface TestObserver {
  /** Opens a watch for one call of `go test`. */
  open(request: ObserveRequest): Promise<TestWatch>;
}

export interface ObserveRequest {
  /** Absolute path of an existing directory. */
  readonly scratch: string;
  /** The environment of the tests. */
  readonly environment: Environment;
  /** Directories of the packages, absolute, without links, with their import paths. */
  readonly directories: ReadonlyMap<string, string>;
  /** Test binaries are built for coverage. */
  readonly covers: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Disposing removes all its files, and ends all processes that tests started. */
export interface TestWatch extends AsyncDisposable {
  /** Flags for go test. */
  readonly flags: readonly string[];
  /**
   * Call it after the run: the reads of each package's test binary, by the directory of the package, absolute, without
   * links.
   */
  read(): Promise<ReadonlyMap<string, Observed | Unobserved>>;
  /** The coverage profiles, by the same directories. They are removed with the watch. */
  profiles(): Promise<ReadonlyMap<string, string>>;
  /** Variables that tests asked for, and that the user has set but tests did not get. */
  missed(): readonly string[];
}
