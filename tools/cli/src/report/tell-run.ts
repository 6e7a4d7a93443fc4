import type { EventOf, Plan, StepId } from '@slipway/model';
import { formatPackage, formatWholePackage } from '@slipway/run';
import type { Handlers } from './reporter.ts';
import type { RunState } from './run-state.ts';
import { formatCluster } from './format-cluster.ts';
import { formatFailedStep, formatHeader, formatNotKept, formatSummary, formatTraffic } from './words.ts';

export interface TellOptions {
  /** Print failures only. */
  readonly silent: boolean;
  /** Print failures and the summary. */
  readonly quiet: boolean;
  /** Print how each step ended and why, including small ones. */
  readonly explain: boolean;
  /** Also print the output of successful steps. */
  readonly verbose: boolean;
  /** Do not print the output of failed steps either. */
  readonly hidesOutput: boolean;
  /** Also print the output of passing tests. */
  readonly allOfTests: boolean;
}

/** The output of a run's reports, and the differences between views. */
export interface Teller {
  say(text: string): void;
  waiting(why: string): void;
  started(event: EventOf<'step-started'>): void;
  /** The line for a step that did not fail; undefined: no line. */
  finished(event: EventOf<'step-finished'>): string | undefined;
}

/** Prints a run for people, in permanent lines. A failure is printed when it happens, and in full again at the end. */
export function tellRun(state: RunState, teller: Teller, options: TellOptions): Handlers {
  const { silent, quiet, verbose, allOfTests } = options;
  const failures: string[] = [];
  const executed: EventOf<'remote-executed'>[] = [];
  const here = new Set<StepId>();
  let saidSince = false;
  const always = (text: string): void => {
    saidSince = true;
    teller.say(text);
  };
  const say = (text: string): void => {
    if (!silent && !quiet) always(text);
  };
  const fail = (text: string): void => {
    always(text);
    failures.push(text);
    saidSince = false;
  };
  return {
    'run-started': ({ plan }) => {
      say(formatHeader(plan));
      for (const note of plan.notes) say(`note      ${note.what}: ${note.why}`);
    },
    waiting: ({ why }) => teller.waiting(why),
    'step-started': (event) => teller.started(event),
    'step-noted': ({ note }) => say(`note      ${note}`),
    'bytes-moved': () => {},
    'cache-moved': () => {},
    'go-progressed': () => {},
    'go-worked': () => {},
    'machine-used': () => {},
    'remote-executed': (event) => void executed.push(event),
    'package-testing': () => {},
    'package-tested': ({ is, result }) => {
      if (is !== 'ran') return;
      const text = allOfTests ? formatWholePackage(result) : formatPackage(result);
      if (result.is === 'fail' && quiet && !silent) always(text);
      else say(text);
    },
    'step-finished': (event) => {
      if (isInstead(event, state.plan)) here.add(event.step.id);
      // An attached command printed its own messages.
      if (event.failure?.code === 'COMMAND_ENDED') return;
      if (event.outcome.is === 'failed')
        fail(options.hidesOutput ? `failed    ${event.step.title}` : formatFailedStep(event));
      else {
        const line = teller.finished(event);
        const before = saidSince;
        if (line !== undefined) say(line);
        if (event.outcome.is === 'skipped') saidSince = before;
        if (verbose && line !== undefined && event.output !== '') say(event.output.trimEnd());
      }
      const notKept = formatNotKept(event.outcome);
      if (notKept !== undefined) say(notKept);
    },
    'run-finished': (event) => {
      if (failures.length > 0 && (saidSince || failures.length > 1) && !silent)
        always(`\nwhat failed, once more:\n${failures.join('\n')}`);
      if (executed.length + here.size > 0) say(formatCluster({ executed, here: here.size }, event));
      if (!silent) always(formatSummary(state.outcomes, event, { plan: state.plan, tests: state.tests }));
    },
    affected: () => {},
    'cache-shared': ({ traffic }) => {
      const line = formatTraffic(traffic);
      if (line !== undefined) say(line);
    },
  };
}

/** Done on this machine, although planned for a cluster. */
const isInstead = ({ step, outcome }: EventOf<'step-finished'>, plan: Plan | undefined): boolean =>
  step.kind === 'exec' &&
  step.place === 'host' &&
  (outcome.is === 'ran' || outcome.is === 'failed') &&
  plan?.steps.some((each) => each.id === step.id && each.kind === 'exec' && each.place === 'remote') === true;
