import type { Output, Reporter } from './reporter.ts';

/** Every event as it is, one JSON object a line. */
export const jsonReporter = (output: Output): Reporter => ({
  emit: (event) => output.write(`${JSON.stringify(event)}\n`),
  [Symbol.dispose]() {},
});
