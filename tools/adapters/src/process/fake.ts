import { throwIfInterrupted } from './interrupted.ts';
import type { CommandRequest, CommandResult, CommandRunner } from './port.ts';

export interface FakeCommandRunner extends CommandRunner {
  /** The requests, in order. */
  readonly requests: readonly CommandRequest[];
}

/** The effect of a fake program; by default no output and exit code 0. It may throw a FailureError. */
export type FakeProgram = (
  request: CommandRequest,
) => Partial<CommandResult> | void | Promise<Partial<CommandResult> | void>;

/** Starts nothing. It records each request and returns the answer of `program`. */
export function fakeCommandRunner(program: FakeProgram = () => {}): FakeCommandRunner {
  const requests: CommandRequest[] = [];
  return {
    requests,
    async run(request) {
      throwIfInterrupted(request.signal);
      requests.push(request);
      const { stdout: printed = '', stderr: complained = '', ...rest } = (await program(request)) ?? {};
      throwIfInterrupted(request.signal);
      const stdout = request.onLine === undefined ? printed : '';
      const stderr = complained
        .split(/(?<=\n)/)
        .filter((line) => request.take?.(line.replace(/\n$/, '')) !== true)
        .join('');
      if (request.onLine !== undefined && printed !== '')
        for (const line of printed.replace(/\n$/, '').split('\n')) request.onLine(line);
      return {
        exit: rest.signal === undefined ? 0 : undefined,
        signal: undefined,
        output: stdout + stderr,
        ...rest,
        stdout,
        stderr,
      };
    },
  };
}
