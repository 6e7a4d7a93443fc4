import { type Paint, unpainted } from './color.ts';
import { printable, printableJson, printableLine } from '@slipway/model';
import type { Output } from './reporter.ts';

/**
 * The one place where text leaves for a terminal, a pipe or a log. Much of it others made: names in sets, commits, what servers and
 * compilers say. Only a program the terminal is handed over to (`run`, `shell`) speaks for itself, and `gocacheprog` speaks to Go.
 */
export interface Printer extends Output {
  /** Each is one line, whatever is in it. */
  lines(lines: readonly string[]): void;
  json(value: unknown): void;
  readonly stream: NodeJS.WriteStream;
}

export const printer = (stream: NodeJS.WriteStream, paint?: Paint): Printer => printerOn(() => stream, paint);

/** Node makes a standard stream when it is asked for; a run that finds nothing to do needs one of them. */
const printerOn = (open: () => NodeJS.WriteStream, paint: Paint = unpainted): Printer => ({
  get stream() {
    return open();
  },
  write: (text) => void open().write(paint(printable(text))),
  lines: (lines) => void open().write(lines.map((line) => `${printableLine(line)}\n`).join('')),
  json: (value) => void open().write(`${printableJson(value)}\n`),
});

export const standardOutput = printerOn(() => process.stdout);
export const standardError = printerOn(() => process.stderr);
