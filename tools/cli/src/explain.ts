import { failureOfFileError } from '@slipway/adapters';
import {
  type ExitCodeName,
  FailureError,
  type RunFailed,
  failureExit,
  failureHint,
  failureMessage,
} from '@slipway/model';
import { standardError, standardOutput } from './report/printer.ts';

/** Prints a failure as one message and a hint. Anything else is a bug of slipway and is printed with all details. */
export function explain(thrown: unknown, json: boolean): ExitCodeName {
  const error = knownOf(thrown);
  if (!(error instanceof FailureError)) {
    standardError.write(
      `slipway: this is a bug in slipway, please report it with the text below (Node ${process.versions.node}, ${process.platform})\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return 'bug';
  }
  const told = error.failures.map((failure) => ({
    ...failure,
    message: failureMessage(failure),
    hint: failureHint(failure),
  }));
  if (json) standardOutput.json({ kind: 'failed', failures: told } satisfies RunFailed);
  else
    for (const { code, message, hint } of told) standardError.write(`slipway: ${message} [${code}]\n  hint: ${hint}\n`);
  return failureExit(error.failures[0]!);
}

/** The exit code of a command that ran in a container and printed its own messages. Slipway exits with it. */
export function commandExit(error: unknown): number | undefined {
  const failure = error instanceof FailureError ? error.failures[0] : undefined;
  return failure?.code === 'COMMAND_ENDED' ? failure.exit : undefined;
}

/** System errors about files are failures, too. */
function knownOf(error: unknown): unknown {
  const { path } = (error ?? {}) as NodeJS.ErrnoException;
  return path === undefined ? error : failureOfFileError(error, path);
}
