import { plainReporter } from './plain.ts';
import type { Output, Progress, Reporter } from './reporter.ts';
import { formatMoved } from './words.ts';

/** Plain progress lines for a build that is part of a larger task. */
export const progressReporter = (progress: (message: string) => void): Reporter =>
  plainReporter(
    { write: (text) => progress(text.trimEnd()) },
    { silent: false, quiet: false, explain: false, verbose: false, hidesOutput: false, allOfTests: false },
  );

/** Minimum milliseconds between two lines about the same task, for a person and for a log. */
const SOON = 1500;
const LATE = 30_000;

/** Prints progress as lines where no run shows it. */
export function linesOfProgress(output: Output, isTerminal: boolean): Progress {
  let told = performance.now();
  return (message, moved) => {
    const now = performance.now();
    if (moved !== undefined && now - told < (isTerminal ? SOON : LATE)) return;
    told = now;
    output.write(moved === undefined ? `${message}\n` : `${message}: ${formatMoved(moved)}\n`);
  };
}
