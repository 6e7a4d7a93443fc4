import type { Environment } from './environment.ts';

/** Where a program runs: on this machine, in the build container, or on a worker of a cluster. */
export type PlaceName = 'host' | 'container' | 'remote';

/** The values of a place for the calls of steps. All paths are absolute there. */
export interface Place {
  readonly name: PlaceName;
  /** The root of the tree. */
  readonly root: string;
  /** The output directory. */
  readonly output: string;
  /** The go command. */
  readonly go: string;
  /** Set before the variables of a step. */
  readonly environment: Environment;
  readonly container?: { readonly name: string; readonly user: string; readonly image: string };
  readonly cluster?: Cluster;
}

/** The places of a plan. At least one step may run in each. */
export type Places = { readonly host: Place } & { readonly [name in PlaceName]?: Place };

/** Workers that speak the Remote Execution API, and the settings for them. */
export interface Cluster {
  /** `grpc://host:port/instance`: one scheduler, or several nodes that execute what they receive. */
  readonly executors: readonly string[];
  /** The content store, if it is not the first executor. */
  readonly cache: string | undefined;
  /** Properties that a worker must have. */
  readonly properties: Environment;
  /** Number of steps sent at once. */
  readonly jobs: number;
  /** Number of those steps that this machine runs at the same time. */
  readonly localJobs: number;
  /** Absolute path of the `go` command on a worker. */
  readonly go: string;
  /** Absolute path of Go's build cache on a worker; undefined: each action compiles everything it needs. */
  readonly goCache: string | undefined;
  /** Seconds an action may wait for a worker. */
  readonly queueSeconds: number;
  /** Percentage of steps that this machine builds as well and compares. */
  readonly verify: number;
  /** The tree's configuration names the cluster, not the user. Slipway sends it no secret of the user. */
  readonly isNamedByTree: boolean;
}

/**
 * A placeholder for the directory where a worker puts the inputs, which is unknown before the action runs. The worker
 * replaces it by the real path. The name must not hide a directory of a worker whose sandbox begins at `/`.
 */
export const WORKER_BASE = '/slipway';

/** The module cache on a worker. */
export const WORKER_MODULES = `${WORKER_BASE}/mod`;
