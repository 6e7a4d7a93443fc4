import type { Step } from '@slipway/model';
import type { Output, Reporter } from './reporter.ts';

/** Milliseconds. Longer steps are announced. */
const LONG = 3000;

/** Prints only what slipway waits for. All other output comes from the command. */
export function waitReporter(output: Output): Reporter {
  const timers = new Map<Step, NodeJS.Timeout>();
  const forget = (step: Step): void => {
    clearTimeout(timers.get(step));
    timers.delete(step);
  };
  return {
    emit(event) {
      if (event.kind === 'waiting') output.write(`waiting for ${event.why}\n`);
      if (event.kind === 'step-finished') forget(event.step);
      if (event.kind !== 'step-started' || !slow.includes(event.step.kind)) return;
      const { step } = event;
      timers.set(
        step,
        setTimeout(() => output.write(`${step.title} …\n`), LONG),
      );
    },
    [Symbol.dispose]() {
      for (const step of [...timers.keys()]) forget(step);
    },
  };
}

/** Steps that take long the first time, by kind. */
const slow: readonly string[] = ['base-image', 'build-image', 'sync'] satisfies Step['kind'][];
