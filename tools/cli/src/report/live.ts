import { createLogUpdate } from 'log-update';
import { type Outcome, type Plan, type Step, printable, printableLine } from '@slipway/model';
import { formatPackage, formatWholePackage } from '@slipway/run';
import { TestRun } from '../tests/test-run.ts';
import { type PlainOptions, plainReporter } from './plain.ts';
import type { Printer } from './printer.ts';
import { type Reporter, reporterOf } from './reporter.ts';
import {
  formatDuration,
  formatFailedStep,
  formatHeader,
  formatNotKept,
  formatSummary,
  formatTraffic,
} from './words.ts';

/** How often the view is drawn again, in milliseconds; slow enough to be calm. */
const REDRAW = 250;
/** A step that runs longer than this is pointed at, in milliseconds. */
const SLOW = 60_000;

/** One view for a person at a terminal: what runs and for how long, what is done. Failures stay above it. */
export function liveReporter(output: Printer, options: PlainOptions): Reporter {
  if (options.silent || options.explain) return plainReporter(output, options);
  const { stream } = output;
  const view = createLogUpdate(stream);
  const persist = (text: string): void => view.persist(printable(text));
  const running = new Map<string, { step: Step; at: number }>();
  const outcomes: Outcome[] = [];
  const tests = new TestRun();
  let total = 0;
  let planned: Plan | undefined;
  let waiting = '';
  const draw = (): void =>
    view(
      picture({ waiting, running: [...running.values()], done: outcomes.length, total, width: stream.columns ?? 80 }),
    );
  const timer = setInterval(draw, REDRAW);
  const stop = (): void => {
    clearInterval(timer);
    view.done();
  };
  return reporterOf(
    {
      'run-started': ({ plan }) => {
        planned = plan;
        waiting = '';
        total = plan.steps.length;
        persist([formatHeader(plan), ...plan.notes.map((note) => `note      ${note.what}: ${note.why}`)].join('\n'));
        draw();
      },
      waiting: ({ why }) => {
        waiting = why;
        draw();
      },
      'step-started': ({ step, at }) => {
        running.set(step.id, { step, at });
        draw();
      },
      'step-noted': ({ note }) => persist(`note      ${note}`),
      'package-tested': (event) => {
        tests.add(event);
        const { is, result } = event;
        if (is !== 'ran') return;
        persist(options.allOfTests ? formatWholePackage(result) : formatPackage(result));
        draw();
      },
      'step-finished': (event) => {
        running.delete(event.step.id);
        outcomes.push(event.outcome);
        const { step, outcome, output: said, milliseconds } = event;
        if (outcome.is === 'failed') persist(formatFailedStep(event));
        else if (step.kind === 'exec' && outcome.is !== 'skipped')
          persist(`  ${outcome.is.padEnd(6)} ${formatDuration(milliseconds).padStart(6)}  ${step.title}`);
        const notKept = formatNotKept(outcome);
        if (notKept !== undefined) persist(notKept);
        if (options.verbose && outcome.is !== 'failed' && said !== '') persist(said.trimEnd());
        draw();
      },
      'run-finished': (event) => {
        view.clear();
        persist(formatSummary(outcomes, event, { plan: planned, tests }));
      },
      affected: () => {},
      'cache-shared': ({ traffic }) => {
        const line = formatTraffic(traffic);
        if (line !== undefined) persist(line);
      },
    },
    stop,
  );
}

interface Picture {
  readonly waiting: string;
  readonly running: readonly { step: Step; at: number }[];
  readonly done: number;
  readonly total: number;
  readonly width: number;
}

function picture({ waiting, running, done, total, width }: Picture): string {
  const now = performance.now();
  const rows = running.map(({ step, at }) => {
    const elapsed = now - at;
    return `  ${'runs'.padEnd(6)} ${formatDuration(elapsed).padStart(6)}  ${step.title}${elapsed > SLOW ? '  (slow)' : ''}`;
  });
  const status = waiting !== '' && total === 0 ? `waiting: ${waiting}` : `  ${done} of ${total} steps done`;
  return [...rows, status].map((row) => printableLine(row).slice(0, Math.max(20, width - 1))).join('\n');
}
