import type { Environment, Observed, Unobserved } from '@slipway/model';

/** Has test binaries started in a way that tells what they read. */
export interface TestObserver {
  /** For one call of `go test`. */
  open(request: ObserveRequest): Promise<TestWatch>;
}

export interface ObserveRequest {
  /** Absolute; it is there. */
  readonly scratch: string;
  /** That tests will see. */
  readonly environment: Environment;
  /** Of the packages, absolute, without links, with their import paths. */
  readonly directories: ReadonlyMap<string, string>;
  /** Test binaries are built for coverage. */
  readonly covers: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Disposed, nothing of it is left, neither files nor processes that tests started. */
export interface TestWatch extends AsyncDisposable {
  /** Words for go test. */
  readonly flags: readonly string[];
  /** Once the call ended: what the test binary of each package read, by the directory of the package, absolute, without links. */
  read(): Promise<ReadonlyMap<string, Observed | Unobserved>>;
  /** The coverage profiles they left, by the same directories; they are gone with the watch. */
  profiles(): Promise<ReadonlyMap<string, string>>;
  /** Variables that tests asked for, and that the user has set and they did not get. */
  missed(): readonly string[];
}
