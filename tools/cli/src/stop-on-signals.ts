import { writeSync } from 'node:fs';
import { startWatchdog } from '@slipway/adapters';
import { exitCodes } from '@slipway/model';

/** Milliseconds for cleaning up before the process has to end. */
const LEFT = 1_500;

export interface Stopping extends Disposable {
  /** Its reason is the name of the signal. */
  readonly signal: AbortSignal;
  stop(name: NodeJS.Signals): void;
}

/**
 * Handles Ctrl-C, a closed terminal and SIGTERM in one place. After the first Ctrl-C, running work may take its time to
 * end. A second one, and every other signal, ends the process within two seconds.
 */
export function stopOnSignals(): Stopping {
  const controller = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const watchdog = startWatchdog();
  const heard = (name: NodeJS.Signals): void => {
    const isLast = controller.signal.aborted || name !== 'SIGINT';
    controller.abort(name);
    if (!isLast) return;
    watchdog.endSoon();
    setTimeout(() => endNow(name), LEFT).unref();
  };
  for (const name of names) process.on(name, heard);
  return {
    signal: controller.signal,
    stop: (name) => controller.abort(name),
    [Symbol.dispose]() {
      for (const name of names) process.removeListener(name, heard);
    },
  };
}

/** Ends its child processes as well. */
function endNow(name: NodeJS.Signals): never {
  writeSync(
    2,
    `slipway: stopped by ${name}, before everything was tidied up [INTERRUPTED]\n  hint: run the same command again: what was finished is kept\n`,
  );
  process.exit(exitCodes.interrupted);
}
