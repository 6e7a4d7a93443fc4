import type { Environment } from '@slipway/model';

export interface CommandRequest {
  /** argv[0] is an absolute path, or a name looked up on env.PATH. No shell. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Complete: nothing is inherited. */
  readonly env: Environment;
  /** Given to the program as its standard input; without it that is empty. */
  readonly input?: string;
  /** Stops the program and everything it started. */
  readonly signal?: AbortSignal;
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
