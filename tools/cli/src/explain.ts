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

/** A failure is one message and a hint; anything else is our bug, with all we know of it. */
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

/** A command that ran in a container and spoke for itself ends slipway as it ended. */
export function commandExit(error: unknown): number | undefined {
  const failure = error instanceof FailureError ? error.failures[0] : undefined;
  return failure?.code === 'COMMAND_ENDED' ? failure.exit : undefined;
}

/** What the system says of a file is a failure, too, whoever asked for that file. */
function knownOf(error: unknown): unknown {
  const { path } = (error ?? {}) as NodeJS.ErrnoException;
  return path === undefined ? error : failureOfFileError(error, path);
}
