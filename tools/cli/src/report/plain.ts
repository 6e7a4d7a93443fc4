import type { EventOf, Outcome, Plan } from '@slipway/model';
import { formatPackage, formatWholePackage } from '@slipway/run';
import { TestRun } from '../tests/test-run.ts';
import { type Output, type Reporter, reporterOf } from './reporter.ts';
import {
  formatDuration,
  formatFailedStep,
  formatHeader,
  formatNotKept,
  formatSummary,
  formatTraffic,
} from './words.ts';

export interface PlainOptions {
  /** Failures only. */
  readonly silent: boolean;
  /** How each step ended and why, small ones too. */
  readonly explain: boolean;
  /** Also the output of steps that succeeded. */
  readonly verbose: boolean;
  /** Also what tests print that pass. */
  readonly allOfTests: boolean;
}

/** A line when a program starts and one when it ends; for pipes, logs and CI. */
export function plainReporter(output: Output, options: PlainOptions): Reporter {
  const outcomes: Outcome[] = [];
  const tests = new TestRun();
  let planned: Plan | undefined;
  const say = (line: string): void => {
    if (!options.silent) output.write(`${line}\n`);
  };
  return reporterOf({
    'run-started': ({ plan }) => {
      planned = plan;
      say(formatHeader(plan));
      for (const note of plan.notes) say(`note      ${note.what}: ${note.why}`);
    },
    waiting: ({ why }) => say(`waiting   ${why}`),
    'step-started': ({ step }) => {
      if (step.kind === 'exec') say(`start     ${step.title}`);
    },
    'step-noted': ({ note }) => say(`note      ${note}`),
    'package-tested': (event) => {
      tests.add(event);
      const { is, result } = event;
      if (is === 'ran') say(options.allOfTests ? formatWholePackage(result) : formatPackage(result));
    },
    'step-finished': (event) => {
      outcomes.push(event.outcome);
      // A command that was attached has spoken for itself.
      if (event.failure?.code === 'COMMAND_ENDED') return;
      if (event.outcome.is === 'failed') output.write(`${formatFailedStep(event)}\n`);
      else if (event.step.kind === 'exec' || options.explain || event.outcome.is === 'skipped')
        say(finished(event, options));
      const notKept = formatNotKept(event.outcome);
      if (notKept !== undefined) say(notKept);
    },
    'run-finished': (event) => say(formatSummary(outcomes, event, { plan: planned, tests })),
    affected: () => {},
    'cache-shared': ({ traffic }) => {
      const line = formatTraffic(traffic);
      if (line !== undefined) say(line);
    },
  });
}

function finished(
  { step, outcome, output, milliseconds }: EventOf<'step-finished'>,
  { explain, verbose }: PlainOptions,
): string {
  const why = explain || outcome.is === 'skipped' ? `: ${outcome.why}` : '';
  const took = outcome.is === 'skipped' ? '' : ` (${formatDuration(milliseconds)})`;
  const line = `${outcome.is.padEnd(9)} ${step.title}${took}${why}`;
  return verbose && output !== '' ? `${line}\n${output.trimEnd()}` : line;
}
