import { plainReporter } from './plain.ts';
import type { Reporter } from './reporter.ts';

/** Plain lines to wherever progress goes: for a build that is only a part of what was asked for. */
export const progressReporter = (progress: (message: string) => void): Reporter =>
  plainReporter(
    { write: (text) => progress(text.trimEnd()) },
    { silent: false, quiet: false, explain: false, verbose: false, hidesOutput: false, allOfTests: false },
  );
