import { writeSync } from 'node:fs';
import { startWatchdog } from '@slipway/adapters';
import { exitCodes } from '@slipway/model';

/** Milliseconds that are left to tidy up in, once it has to end. */
const LEFT = 1_500;

export interface Stopping extends Disposable {
  /** Its reason is the name of what stopped the run. */
  readonly signal: AbortSignal;
  stop(name: NodeJS.Signals): void;
}

/**
 * Ctrl-C, a terminal that closes and a polite kill all go through one door. After the first Ctrl-C what was begun may take its time to
 * end; a second one, and every other signal, ends the process within two seconds, whatever it does.
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

/** What it started ends with it. */
function endNow(name: NodeJS.Signals): never {
  writeSync(
    2,
    `slipway: stopped by ${name}, before everything was tidied up [INTERRUPTED]\n  hint: run the same command again: what was finished is kept\n`,
  );
  process.exit(exitCodes.interrupted);
}
