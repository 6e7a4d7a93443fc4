import { type Paint, unpainted } from './color.ts';
import { printable, printableJson, printableLine } from '@slipway/model';
import type { Output } from './reporter.ts';

/**
 * The only place that writes text to a terminal, a pipe or a log. Much of the text is untrusted: names in sets,
 * commits, messages of servers and compilers. Two exceptions: a program that owns the terminal (`run`, `shell`), and
 * `gocacheprog`, which talks to Go.
 */
export interface Printer extends Output {
  /** Prints each text as one line, even if it contains line feeds. */
  lines(lines: readonly string[]): void;
  json(value: unknown): void;
  readonly stream: NodeJS.WriteStream;
}

export const printer = (stream: NodeJS.WriteStream, paint?: Paint): Printer => printerOn(() => stream, paint);

/** Node creates a standard stream on first use. A run with nothing to do needs only one of them. */
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
