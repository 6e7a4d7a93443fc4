import type { Environment } from './environment.ts';

/** Where programs run: on this machine, in the build container, or on a worker of a cluster. */
export type PlaceName = 'host' | 'container' | 'remote';

/** What a place puts into the calls of steps. All paths are absolute there. */
export interface Place {
  readonly name: PlaceName;
  /** The tree. */
  readonly root: string;
  /** The output directory. */
  readonly output: string;
  /** The program. */
  readonly go: string;
  /** Set before the variables of a step. */
  readonly environment: Environment;
  readonly container?: { readonly name: string; readonly user: string; readonly image: string };
  readonly cluster?: Cluster;
}

/** The places of a plan, each of which some step of it may run in. */
export type Places = { readonly host: Place } & { readonly [name in PlaceName]?: Place };

/** Workers that speak the Remote Execution API, and what is asked of them. */
export interface Cluster {
  /** `grpc://host:port/instance`: one scheduler, or nodes that each take what they are given. */
  readonly executors: readonly string[];
  /** Where contents are kept, if not at the first executor. */
  readonly cache: string | undefined;
  /** What a worker must have. */
  readonly properties: Environment;
  /** Steps it gets at once. */
  readonly jobs: number;
  /** Steps of those this machine takes at the same time. */
  readonly localJobs: number;
  /** The `go` command on a worker, absolute. */
  readonly go: string;
  /** Where a worker keeps what Go compiled, absolute; undefined: each action compiles all it needs. */
  readonly goCache: string | undefined;
  /** Seconds an action may wait for a worker. */
  readonly queueSeconds: number;
  /** Of a hundred steps so many are built here, too, and compared. */
  readonly verify: number;
  /** Not by the user: it is shown no secret of his. */
  readonly isNamedByTree: boolean;
}

/**
 * Where a worker lays out what an action reads is not known before it runs: this stands for it in paths, and is made the real one on
 * the worker. The name hides nothing of a worker whose sandbox begins at `/`.
 */
export const WORKER_BASE = '/slipway';

/** The cache of modules on a worker. */
export const WORKER_MODULES = `${WORKER_BASE}/mod`;
