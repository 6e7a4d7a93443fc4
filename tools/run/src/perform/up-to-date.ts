import {
  type ActionOutcome,
  FailureError,
  type Outcome,
  type Ran,
  type RunActions,
  type Status,
  type Step,
  goBuildOf,
} from '@slipway/model';
import { tellKnown } from '../tests/known.ts';
import type { Performed, Performing, Running } from './performing.ts';

/** Runs the stale actions of a step. A step without actions always runs. */
export async function performStale(
  step: Step,
  performing: Performing,
  perform: (running: Running) => Promise<Performed>,
): Promise<Performed & { readonly failure?: FailureError | undefined }> {
  const { freshness, signal } = performing;
  const actions = step.actions ?? [];
  if (freshness === undefined || actions.length === 0) {
    const performed = await perform({ actions, flags: [] });
    return { ...performed, failure: performed.ran?.failure };
  }
  const statuses = (await lookedUpBefore(step, performing)) ?? (await freshness.lookup(step));
  tellKnown(step, statuses, performing);
  if (!statuses.some(({ is }) => is === 'stale')) return { outcome: untouched(step, statuses.map(known)), output: '' };
  const run: RunActions = async (stale, flags, take): Promise<Ran> => {
    try {
      const { output, ran } = await perform({ actions: stale, flags, take });
      // A program that was stopped may leave half a file, so its actions get no record. Tests that passed have passed.
      const isTest = step.kind === 'exec' && step.tests !== undefined;
      if (signal.aborted && ran?.failure !== undefined && !isTest) throw ran.failure;
      return ran ?? { output, passed: stale };
    } catch (error) {
      if (signal.aborted || !(error instanceof FailureError)) throw error;
      return { output: outputOf(error), passed: [], failure: error };
    }
  };
  const made = await freshness.make(step, statuses, run, performing.onlyLinksLeft);
  // Another process made them meanwhile.
  tellKnown(
    step,
    made.actions.filter((_, index) => statuses[index]!.is === 'stale'),
    performing,
  );
  if (made.failure === undefined) return { outcome: outcomeOf(step, made.actions), output: made.output };
  const outcome: Outcome = { is: 'failed', why: made.failure.message, ...partsOf(step, made.actions) };
  const unmade = made.actions.flatMap(({ is, action: { outputs } }) => (is === 'failed' ? outputs : []));
  return { outcome, output: made.output, failure: made.failure, unmade };
}

/** The output of a failed program, from any error. */
export const outputOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'output' in error && typeof error.output === 'string'
    ? error.output
    : '';

/** The decision about containers already looked up the actions. Actions that were fresh then count as fresh. */
async function lookedUpBefore(step: Step, performing: Performing): Promise<readonly Status[] | undefined> {
  if (step.kind !== 'exec' || step.place === 'host') return undefined;
  const statuses = (await performing.needContainers()).statuses.get(step.id);
  return statuses?.some(({ is }) => is === 'stale') === false ? statuses : undefined;
}

/** The outcome of an action that is not stale. */
const known = ({ action, is, why }: Status): ActionOutcome => ({ action, is: is === 'restored' ? is : 'fresh', why });

function untouched(step: Step, actions: readonly ActionOutcome[]): Outcome {
  const restored = actions.filter(({ is }) => is === 'restored');
  const [{ why }] = (restored.length > 0 ? restored : actions) as [ActionOutcome];
  const { parts } = partsOf(step, actions);
  if (restored.length === 0) return { is: 'fresh', why, ...(parts && { parts }) };
  if (parts === undefined) return { is: 'restored', why };
  return { is: 'restored', why: `${counted(restored.length, actions.length)} from the store: ${why}`, parts };
}

function outcomeOf(step: Step, actions: readonly ActionOutcome[]): Outcome {
  const ran = actions.filter(({ is }) => is === 'ran');
  const [first] = ran;
  if (first === undefined) return untouched(step, actions);
  const { parts } = partsOf(step, actions);
  if (parts === undefined) return { is: 'ran', why: first.why };
  return { is: 'ran', why: `${counted(ran.length, actions.length)}: ${first.why}`, parts };
}

/** Actions of Go are reported one by one. A step with one action has no parts. */
const partsOf = (step: Step, actions: readonly ActionOutcome[]): Pick<Outcome, 'parts'> =>
  goBuildOf(step) === undefined && actions.length === 1 && actions[0]!.notKept === undefined
    ? {}
    : {
        parts: actions.map(({ action, is, why, notKept }) => ({
          ...{ name: action.name, is, why },
          ...(notKept === undefined ? {} : { notKept }),
        })),
      };

const counted = (count: number, total: number): string => (total === 1 ? 'it' : `${count} of ${total}`);
