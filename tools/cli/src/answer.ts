import type { ExitCodeName } from '@slipway/model';

/** The result of an answering target. main prints the lines, or with --json the data. */
export interface Answer {
  readonly lines: readonly string[];
  readonly data: unknown;
  readonly exit: ExitCodeName;
}

export const answer = (lines: readonly string[], data: unknown = { lines }, exit: ExitCodeName = 'done'): Answer => ({
  lines,
  data,
  exit,
});
