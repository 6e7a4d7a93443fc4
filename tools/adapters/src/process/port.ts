import type { Duplex, Readable, Writable } from 'node:stream';
import type { Environment, TakeLine } from '@slipway/model';

export interface ProgramRequest {
  /** argv[0] is an absolute path, or a name looked up on env.PATH. No shell. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Complete: nothing is inherited. */
  readonly env: Environment;
  /** Stops the program and everything it started. */
  readonly signal?: AbortSignal | undefined;
}

export interface CommandRequest extends ProgramRequest {
  /** Given to the program as its standard input; without it that is empty. */
  readonly input?: string;
  /** Gets each line of the standard output as it comes, without its end; the result then has none of them. */
  readonly onLine?: (line: string) => void;
  /** Of the standard error. */
  readonly take?: TakeLine | undefined;
  /** Of a call of Go: programs it starts that are not Go's own see none of `goCollectorNames` but those in `env`. */
  readonly hidesCollector?: true;
}

export interface CommandResult {
  /** Undefined when a signal ended it. */
  readonly exit: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order they came. */
  readonly output: string;
}

export interface CommandRunner {
  /**
   * Resolves however the program ended. Throws a FailureError TOOL_MISSING when argv[0] is not there, INTERRUPTED when
   * `signal` was raised.
   */
  run(request: CommandRequest): Promise<CommandResult>;
}

/** A program that runs while others speak with it. It ends with this process, however that ends. */
export interface Program {
  readonly stdin: Writable;
  /** To be read from the turn of the loop in which the program was got, or what a short one printed is gone. */
  readonly stdout: Readable;
  /** What it complained about until now. */
  said(): string;
  /** The exit code, as soon as the program itself is gone: what it printed may be on its way. Undefined: a signal ended it. */
  readonly exited: Promise<number | undefined>;
  /** The same when all it printed is here. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
  /** It no longer keeps this process from ending. */
  unref(): void;
}

/** With its file descriptor 3, a way to it and back. */
export interface ConnectedProgram extends Program {
  readonly socket: Duplex;
}
