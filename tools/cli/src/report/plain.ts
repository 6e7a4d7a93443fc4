import type { EventOf } from '@slipway/model';
import { type Output, type Reporter, reporterOf } from './reporter.ts';
import { RunState } from './run-state.ts';
import { type TellOptions, tellRun } from './tell-run.ts';
import { formatDuration } from './words.ts';

/** Prints a line when a program starts and one when it ends; for pipes, logs and CI. */
export function plainReporter(output: Output, options: TellOptions): Reporter {
  const state = new RunState();
  const say = (text: string): void => output.write(`${text}\n`);
  const speaks = !options.silent && !options.quiet;
  const told = reporterOf(
    tellRun(
      state,
      {
        say,
        waiting: (why) => (options.silent ? undefined : say(`waiting   ${why}`)),
        started: ({ step }) => (speaks && step.kind === 'exec' ? say(`start     ${step.title}`) : undefined),
        finished: (event) => finished(event, options),
      },
      options,
    ),
  );
  return {
    ...told,
    emit: (event) => {
      state.add(event);
      told.emit(event);
    },
  };
}

function finished(
  { step, outcome, milliseconds }: EventOf<'step-finished'>,
  { explain }: TellOptions,
): string | undefined {
  if (step.kind !== 'exec' && !explain && outcome.is !== 'skipped') return undefined;
  const why = explain || outcome.is === 'skipped' ? `: ${outcome.why}` : '';
  return `${outcome.is.padEnd(9)} ${step.title} (${formatDuration(milliseconds)})${why}`;
}
