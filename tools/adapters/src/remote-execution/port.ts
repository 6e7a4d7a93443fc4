import type { RemoteWork } from '@slipway/model';
import type { Blob, RemoteConnection } from '../remote-cache/port.ts';

/** A cluster's capabilities. */
export interface RemoteCapabilities {
  readonly digestFunction: 'sha256';
  /** Maximum size of a call with several contents, by the content server. */
  readonly maxBatchBytes: number;
  /** It runs actions, and not only stores contents. */
  readonly execution: boolean;
  /** This client may write results. Running actions does not need that permission. */
  readonly updateActionCache: boolean;
}

/** An input file with a known digest. It is read and hashed again only if the cluster lacks it. */
export interface RemoteInput extends Blob {
  readonly executable: boolean;
  /** Its path on this machine, or its content. */
  readonly from: string | Buffer;
}

/** One program to run elsewhere. Paths are relative to the input root, with `/`, without `.` and `..`. */
export interface RemoteAction {
  readonly files: ReadonlyMap<string, RemoteInput>;
  /** Path → target. */
  readonly links: ReadonlyMap<string, string>;
  /** Empty directories. */
  readonly directories: readonly string[];
  /** Created if empty. */
  readonly workingDirectory: string;
  /** A program with `/` is relative to the working directory; any other is looked up in PATH of `environment`. */
  readonly arguments: readonly string[];
  /** The complete environment. A correct server adds nothing. */
  readonly environment: Readonly<Record<string, string>>;
  /** Relative to the working directory: files, or complete directories. Each must exist after exit code 0. */
  readonly outputPaths: readonly string[];
  /** Properties that a worker must have. */
  readonly platform: Readonly<Record<string, string>>;
  /** Everything else that affects the outputs: the worker's toolchain. */
  readonly salt: string;
  /** Time limit of the program on the worker. */
  readonly timeoutSeconds: number;
  /** Accept an earlier successful result. */
  readonly acceptCached: boolean;
}

export type RemoteStage = 'cache' | 'upload' | 'queued' | 'executing' | 'download' | 'completed';

export interface RemoteWatch {
  /** Ends the action on the server, too. `execute` then throws INTERRUPTED. */
  readonly signal: AbortSignal;
  /** In this order, each at most once an attempt. A server need not report them. */
  stage?(stage: RemoteStage): void;
}

export interface RemoteOutput extends Blob {
  readonly executable: boolean;
}

export interface RemoteResult extends RemoteWork {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Files by the action's path, or below it. They are not fetched yet. */
  readonly outputs: ReadonlyMap<string, RemoteOutput>;
  /** Links below an output directory, by path. A link that leads outside is refused. */
  readonly links: ReadonlyMap<string, string>;
  /** Output directories, and all directories below them. */
  readonly directories: readonly string[];
}

/**
 * A cluster that speaks the Remote Execution API v2. Each call throws FailureError: REMOTE_UNREACHABLE, REMOTE_LOST,
 * REMOTE_REFUSED, REMOTE_QUEUE, REMOTE_TIMEOUT, REMOTE_OUTPUT, INTERRUPTED, and UNREADABLE for an input that does not
 * match its digest. An exit code other than 0 is a result. Identical parallel actions run once.
 */
export interface RemoteExecution {
  /** The servers are asked once. */
  capabilities(): Promise<RemoteCapabilities>;
  execute(action: RemoteAction, watch: RemoteWatch): Promise<RemoteResult>;
  /** Writes a new file. Throws REMOTE_OUTPUT for wrong content, and then leaves no file. */
  fetch(file: Blob, to: string): Promise<void>;
  /** Ends running actions, here and on the servers. */
  close(): Promise<void>;
}

export interface RemoteExecutionOptions extends RemoteConnection {
  /**
   * The executors: `grpc://host:port/instance`, one scheduler, or several nodes without one. Actions go to the node
   * with the fewest; if a node is lost, the others take its actions.
   */
  readonly executors: readonly string[];
  /** The server of contents and results; by default the first executor. */
  readonly cache: string | undefined;
  /** How long an action may wait for a worker. */
  readonly queueSeconds: number;
  /** Parallel actions for each of several nodes. */
  readonly jobsPerExecutor: number;
}
