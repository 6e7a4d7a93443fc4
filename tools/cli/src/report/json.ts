import type { Printer } from './printer.ts';
import { readableEvents } from './readable-events.ts';
import type { Reporter } from './reporter.ts';

/** Prints every event as one JSON object on a line, with the complete calls of programs. */
export function jsonReporter(output: Pick<Printer, 'json'>): Reporter {
  const readable = readableEvents();
  return {
    emit: (event) => output.json(readable(event)),
    [Symbol.dispose]() {},
  };
}
