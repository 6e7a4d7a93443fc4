import type { Printer } from './printer.ts';
import type { Reporter } from './reporter.ts';

/** Every event as it is, one JSON object a line. */
export const jsonReporter = (output: Pick<Printer, 'json'>): Reporter => ({
  emit: (event) => output.json(event),
  [Symbol.dispose]() {},
});
