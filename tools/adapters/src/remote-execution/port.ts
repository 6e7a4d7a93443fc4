import type { RemoteWork } from '@slipway/model';
import type { Blob, RemoteConnection } from '../remote-cache/port.ts';

/** What a client has to know of a cluster before it sends anything. */
export interface RemoteCapabilities {
  readonly digestFunction: 'sha256';
  /** What a call with several contents may have in all, of the server that keeps them. */
  readonly maxBatchBytes: number;
  /** Whether it runs actions, or only keeps contents. */
  readonly execution: boolean;
  /** Whether we may write results of our own. Who may have actions run need not. */
  readonly updateActionCache: boolean;
}

/** A file an action reads. Its digest is known; it is read, and hashed again, only where the cluster does not have it. */
export interface RemoteInput extends Blob {
  readonly executable: boolean;
  /** Where it lies on this machine, or all of its bytes. */
  readonly from: string | Buffer;
}

/** One program run somewhere else. Paths are relative to the input root, with `/`, without `.` and `..`. */
export interface RemoteAction {
  readonly files: ReadonlyMap<string, RemoteInput>;
  /** Path → target. */
  readonly links: ReadonlyMap<string, string>;
  /** Those that are there without a file in them. */
  readonly directories: readonly string[];
  /** Made if nothing lies in it. */
  readonly workingDirectory: string;
  /** A program with `/` is relative to the working directory, any other is looked up in PATH of `environment`. */
  readonly arguments: readonly string[];
  /** All there is: nothing of the worker's own is added by a server that keeps to the rules. */
  readonly environment: Readonly<Record<string, string>>;
  /** Relative to the working directory: files, or directories with all that is in them. Each must be there after exit code 0. */
  readonly outputPaths: readonly string[];
  /** What a worker must have. */
  readonly platform: Readonly<Record<string, string>>;
  /** Whatever decides the outputs and is neither input, argument nor environment: the toolchain of the worker. */
  readonly salt: string;
  /** How long the program may run on the worker. */
  readonly timeoutSeconds: number;
  /** Whether a result that was made earlier will do. A failed one never does. */
  readonly acceptCached: boolean;
}

export type RemoteStage = 'cache' | 'upload' | 'queued' | 'executing' | 'download' | 'completed';

export interface RemoteWatch {
  /** Ends the action over there, too. `execute` then throws INTERRUPTED. */
  readonly signal: AbortSignal;
  /** In this order, each at most once an attempt; a server need not say which it is at. */
  stage?(stage: RemoteStage): void;
}

export interface RemoteOutput extends Blob {
  readonly executable: boolean;
}

export interface RemoteResult extends RemoteWork {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Files, by the path as the action named it, or below it. Not fetched yet. */
  readonly outputs: ReadonlyMap<string, RemoteOutput>;
  /** Links below an output that is a directory, by path. One that leads out of it is refused. */
  readonly links: ReadonlyMap<string, string>;
  /** Outputs that are directories, and all directories below them. */
  readonly directories: readonly string[];
}

/**
 * A cluster that speaks the Remote Execution API v2. Each call throws FailureError: REMOTE_UNREACHABLE, REMOTE_LOST, REMOTE_REFUSED,
 * REMOTE_QUEUE, REMOTE_TIMEOUT, REMOTE_OUTPUT, INTERRUPTED, and UNREADABLE for an input that is not what it was said to be. An exit
 * code other than 0 is a result. Identical actions that are under way at once are run once.
 */
export interface RemoteExecution {
  /** Asked of the servers once. */
  capabilities(): Promise<RemoteCapabilities>;
  execute(action: RemoteAction, watch: RemoteWatch): Promise<RemoteResult>;
  /** Into a new file; throws REMOTE_OUTPUT when other bytes come, and then leaves none. */
  fetch(file: Blob, to: string): Promise<void>;
  /** Ends what is under way, here and there. */
  close(): Promise<void>;
}

export interface RemoteExecutionOptions extends RemoteConnection {
  /**
   * Where actions run: `grpc://host:port/instance`, one scheduler, or several nodes without one. Over nodes actions are spread by how
   * many each of them has; of one that is lost the others take them.
   */
  readonly executors: readonly string[];
  /** Where contents and results are kept; the first executor where it is not said. */
  readonly cache: string | undefined;
  /** How long an action may wait for a worker. */
  readonly queueSeconds: number;
  /** Actions one of several nodes gets at once. */
  readonly jobsPerExecutor: number;
}
