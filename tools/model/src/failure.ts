import type { ExitCodeName } from './exit-code.ts';
import type { FailureText, FailureTexts } from './failures/failure-text.ts';
import { type AskedFailures, askedFailures } from './failures/asked.ts';
import { type EngineFailures, engineFailures } from './failures/engine.ts';
import { type ReleaseFailures, releaseFailures } from './failures/release.ts';
import { type RemoteFailures, remoteFailures } from './failures/remote.ts';
import { type RunFailures, runFailures } from './failures/run.ts';
import { type TreeFailures, treeFailures } from './failures/tree.ts';

/** The facts of each failure, by area. */
interface FailureFacts
  extends AskedFailures, TreeFailures, RunFailures, ReleaseFailures, EngineFailures, RemoteFailures {}

export type FailureCode = keyof FailureFacts;
export type FailureOf<C extends FailureCode> = { readonly code: C } & FailureFacts[C];
export type Failure = { [C in FailureCode]: FailureOf<C> }[FailureCode];

/** All failures, each with its message and hint. */
const texts: FailureTexts<FailureFacts> = {
  ...askedFailures,
  ...treeFailures,
  ...runFailures,
  ...releaseFailures,
  ...engineFailures,
  ...remoteFailures,
};

const textOf = <C extends FailureCode>(failure: FailureOf<C>): FailureText<FailureFacts[C]> => texts[failure.code];

export const failureMessage = (failure: Failure): string => textOf(failure).message(failure);
export const failureHint = (failure: Failure): string => textOf(failure).hint(failure);
export const failureExit = (failure: Failure): ExitCodeName => textOf(failure).exit;

/**
 * Carries failures out of code that reads or performs. Planning returns failures instead of throwing. Any other thrown
 * value is a bug of slipway.
 */
export class FailureError extends Error {
  readonly failures: readonly Failure[];

  constructor(...failures: readonly Failure[]) {
    super(failures.map((failure) => `${failure.code}: ${failureMessage(failure)}`).join('\n'));
    this.name = 'FailureError';
    this.failures = failures;
  }
}
