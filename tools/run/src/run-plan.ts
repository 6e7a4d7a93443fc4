import {
  type EmitEvent,
  type Failure,
  FailureError,
  type Outcome,
  type Plan,
  type Step,
  type StepId,
} from '@slipway/model';
import { type Limits, placeToStart } from './admission.ts';
import { performStep } from './perform/index.ts';
import { outputOf } from './perform/up-to-date.ts';
import { findNeed } from './perform/need.ts';
import type { Performing } from './perform/performing.ts';
import { Lacking } from './lacking.ts';
import { NotRemote } from './places/not-remote.ts';

/** Ports are needed by plans with steps that act with them; without `freshness` every step runs. */
export interface RunOptions extends Omit<Performing, 'plan' | 'needContainers'> {
  readonly limits: Limits;
  readonly emit: EmitEvent;
}

export interface RunResult {
  readonly ok: boolean;
  readonly failures: readonly Failure[];
}

/** How long to wait before memory is looked at again, in milliseconds. */
const MEMORY_POLL = 500;

/** Performs a plan: each step when what it needs is done and the machine has room. Never throws for a failed step. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const ended = new Map<StepId, Outcome>();
  const running = new Map<StepId, { step: Step; done: Promise<void> }>();
  const failures: Failure[] = [];
  const lacking = new Lacking();
  let waiting = [...plan.steps];
  let clusterIsGone = false;
  const performing = { plan, ...options, needContainers: findNeed(plan, options.freshness) };
  options.emit({ kind: 'run-started', plan, at: started });

  const finish = (
    step: Step,
    outcome: Outcome,
    rest: { output: string; milliseconds: number; failure?: Failure },
  ): void => {
    ended.set(step.id, outcome);
    if (outcome.is === 'skipped') lacking.add(step, step.outputs);
    options.emit({ kind: 'step-finished', step, outcome, ...rest, at: performance.now() });
  };
  const start = (step: Step): void => {
    const at = performance.now();
    options.emit({ kind: 'step-started', step, at });
    const done = attempt(lacking.possible(step) ?? step, performing).then((attempted) => {
      running.delete(step.id);
      if ('notRemote' in attempted) return queueHere(step, attempted.notRemote);
      const { outcome, output, failed, unmade } = attempted;
      failures.push(...failed);
      lacking.add(step, failed.length > 0 ? (unmade ?? step.outputs) : []);
      finish(step, lacking.told(step, outcome), {
        output,
        milliseconds: performance.now() - at,
        ...(failed[0] === undefined ? {} : { failure: failed[0] }),
      });
    });
    running.set(step.id, { step, done });
  };

  /** What a cluster does not do is done here; of one that is gone nothing more is asked. */
  const queueHere = (step: Step, { message, isGone }: NotRemote): void => {
    clusterIsGone ||= isGone;
    const note = `${step.title}: done on this machine, as ${message}`;
    options.emit({ kind: 'step-noted', step, note, at: performance.now() });
    waiting.unshift(onThisMachine(step));
  };

  const blocked = (step: Step): string | undefined =>
    options.keepGoing && lacking.possible(step) !== undefined
      ? undefined
      : blockedBecause(step, { ended, lacking, plan });

  while (waiting.length > 0 || running.size > 0) {
    const stopping = options.signal.aborted || (failures.length > 0 && !options.keepGoing);
    for (const step of [...waiting]) {
      const why = options.signal.aborted
        ? 'the run was stopped'
        : (blocked(step) ?? (stopping ? 'something else failed; -k goes on' : undefined));
      const begun = [...running.values()].map((each) => each.step);
      const placed = isReady(step, ended)
        ? placeToStart(clusterIsGone ? onThisMachine(step) : step, begun, options.limits)
        : undefined;
      if (why !== undefined) finish(step, { is: 'skipped', why }, { output: '', milliseconds: 0 });
      else if (placed !== undefined) start(placed);
      else continue;
      waiting = waiting.filter((other) => other !== step);
    }
    if (running.size > 0)
      await Promise.race([
        ...[...running.values()].map((each) => each.done),
        ...(waiting.length > 0 ? [pause(MEMORY_POLL)] : []),
      ]);
  }

  const interrupted = options.signal.aborted;
  const ok = failures.length === 0 && !interrupted;
  options.emit({
    kind: 'run-finished',
    ok,
    interrupted,
    milliseconds: performance.now() - started,
    at: performance.now(),
  });
  return { ok, failures: interrupted ? [{ code: 'INTERRUPTED', signal: String(options.signal.reason) }] : failures };
}

const onThisMachine = (step: Step): Step =>
  step.kind === 'exec' && step.place === 'remote' ? { ...step, place: 'host' } : step;

interface Ended {
  readonly outcome: Outcome;
  readonly output: string;
  readonly failed: readonly Failure[];
  readonly unmade?: readonly string[] | undefined;
}

async function attempt(step: Step, performing: Performing): Promise<Ended | { readonly notRemote: NotRemote }> {
  try {
    const { outcome, output, failure, unmade } = await performStep(step, performing);
    if (failure === undefined) return { outcome, output, failed: [] };
    return { outcome: { ...outcome, is: 'failed', why: failure.message }, output, failed: failure.failures, unmade };
  } catch (error) {
    if (performing.signal.aborted)
      return { outcome: { is: 'skipped', why: 'the run was stopped' }, output: '', failed: [] };
    if (error instanceof NotRemote) return { notRemote: error };
    if (!(error instanceof FailureError)) throw error;
    return { outcome: { is: 'failed', why: error.message }, output: outputOf(error), failed: error.failures };
  }
}

const isReady = (step: Step, ended: ReadonlyMap<StepId, Outcome>): boolean =>
  [...step.needs, ...step.after].every((id) => ended.has(id));

interface Blocking {
  readonly ended: ReadonlyMap<StepId, Outcome>;
  readonly lacking: Lacking;
  readonly plan: Plan;
}

/** Why a step can never run, once something it needs did not succeed. */
function blockedBecause(step: Step, { ended, lacking, plan }: Blocking): string | undefined {
  const blocking = step.needs.find(
    (id) => ['failed', 'skipped'].includes(ended.get(id)?.is ?? '') || lacking.isPart(id),
  );
  if (blocking === undefined) return undefined;
  const title = plan.steps.find(({ id }) => id === blocking)?.title ?? blocking;
  const is = ended.get(blocking)?.is;
  const how = is === 'failed' ? 'failed' : is === 'skipped' ? 'was not done' : 'was done in part';
  return `it needs "${title}", which ${how}`;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
