import type { Printer } from './printer.ts';
import { readableEvents } from './readable-events.ts';
import type { Reporter } from './reporter.ts';

/** Every event as it is, with the whole calls of programs: one JSON object a line. */
export function jsonReporter(output: Pick<Printer, 'json'>): Reporter {
  const readable = readableEvents();
  return {
    emit: (event) => output.json(readable(event)),
    [Symbol.dispose]() {},
  };
}
