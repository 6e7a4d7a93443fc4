import { FailureError } from '@slipway/model';

/** The failure of work that was given up because of `signal`. Its reason names the cause of the signal. */
export function interruptedBy(signal: AbortSignal): FailureError {
  return new FailureError({
    code: 'INTERRUPTED',
    signal: typeof signal.reason === 'string' ? signal.reason : 'a signal',
  });
}

export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptedBy(signal);
}
