import type { Step } from '@slipway/model';
import type { Output, Reporter } from './reporter.ts';

/** A step that takes longer than this is told, in milliseconds. */
const LONG = 3000;

/** Says nothing but what is waited for: what the command prints is all the output there is. */
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

/** What takes long the first time, by kind of step. */
const slow: readonly string[] = ['base-image', 'build-image', 'sync'] satisfies Step['kind'][];
