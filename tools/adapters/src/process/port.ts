import type { Duplex, Readable, Writable } from 'node:stream';
import type { Environment, TakeLine } from '@slipway/model';

export interface ProgramRequest {
  /** argv[0] is an absolute path, or a name looked up on env.PATH. There is no shell. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** The complete environment: nothing is inherited. */
  readonly env: Environment;
  /** Stops the program and everything it started. */
  readonly signal?: AbortSignal | undefined;
}

export interface CommandRequest extends ProgramRequest {
  /** The program's standard input; empty by default. */
  readonly input?: string;
  /** Gets each line of standard output as it arrives, without its end. The result then contains none of them. */
  readonly onLine?: (line: string) => void;
  /** The same for standard error. */
  readonly take?: TakeLine | undefined;
  /**
   * For a call of Go: the programs that it starts, except Go's own, see only those variables of `goCollectorNames` that
   * are in `env`.
   */
  readonly hidesCollector?: true;
}

export interface CommandResult {
  /** Undefined if a signal ended it. */
  readonly exit: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs, in order. */
  readonly output: string;
}

export interface CommandRunner {
  /**
   * Resolves when the program ended in any way. Throws TOOL_MISSING if argv[0] does not exist, INTERRUPTED after
   * `signal`.
   */
  run(request: CommandRequest): Promise<CommandResult>;
}

/** A running program that slipway communicates with. It ends with this process in any case. */
export interface Program {
  readonly stdin: Writable;
  /** Read it in the same turn of the event loop; otherwise the output of a short program is lost. */
  readonly stdout: Readable;
  /** Its standard error so far. */
  said(): string;
  /** The exit code when the program itself has ended; its output may still arrive. Undefined: a signal ended it. */
  readonly exited: Promise<number | undefined>;
  /** The same, after all its output arrived. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
  /** It no longer keeps this process alive. */
  unref(): void;
}

/** A program whose file descriptor 3 is a connection in both directions. */
export interface ConnectedProgram extends Program {
  readonly socket: Duplex;
}
