import {
  type EmitEvent,
  type EventOf,
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

/** A port is needed only if a step of the plan uses it. Without `freshness` every step runs. */
export interface RunOptions extends Omit<Performing, 'plan' | 'needContainers'> {
  readonly limits: Limits;
  readonly emit: EmitEvent;
}

export interface RunResult {
  readonly ok: boolean;
  readonly failures: readonly Failure[];
}

/** Milliseconds between two checks of free memory. */
const MEMORY_POLL = 500;

/** The reason why a step is skipped or stopped. */
const FAILED_BESIDE = 'something else failed; -k goes on';

/** Performs a plan: starts each step when its needs are done and the machine has room. A failed step does not throw. */
export async function runPlan(plan: Plan, options: RunOptions): Promise<RunResult> {
  const started = performance.now();
  const { emit, signal } = options;
  emit({ kind: 'run-started', plan, at: started });
  const run = new PlanRun(plan, options);
  while (run.isGoingOn) {
    run.startWhatCan();
    await run.nextEnd();
  }
  const interrupted = signal.aborted;
  const ok = run.failures.length === 0 && !interrupted;
  const at = performance.now();
  emit({ kind: 'run-finished', ok, interrupted, milliseconds: at - started, at });
  return { ok, failures: interrupted ? [{ code: 'INTERRUPTED', signal: String(signal.reason) }] : run.failures };
}

/** The state of a plan's steps. */
class PlanRun {
  readonly failures: Failure[] = [];
  readonly #plan: Plan;
  readonly #options: RunOptions;
  readonly #performing: Performing;
  readonly #ended = new Map<StepId, Outcome>();
  readonly #linking = new Set<StepId>();
  readonly #running = new Map<StepId, RunningStep>();
  #newLinking = Promise.withResolvers<void>();
  readonly #lacking = new Lacking();
  #waiting: readonly Step[];
  #clusterIsGone = false;

  constructor(plan: Plan, options: RunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#waiting = plan.steps;
    this.#performing = { plan, ...options, needContainers: findNeed(plan, options.freshness) };
  }

  get isGoingOn(): boolean {
    return this.#waiting.length > 0 || this.#running.size > 0;
  }

  /** Starts steps that are ready and have room, and skips those that can no longer run. */
  startWhatCan(): void {
    const isStopping = this.failures.length > 0 && !this.#options.keepGoing;
    for (const step of this.#waiting) {
      const why = this.#whySkipped(step, isStopping);
      const placed = why === undefined ? this.#placed(step) : undefined;
      if (why === undefined && placed === undefined) continue;
      this.#waiting = this.#waiting.filter((other) => other !== step);
      if (placed !== undefined) this.#start(placed);
      else this.#finish(step, { is: 'skipped', why: why! }, { output: '', milliseconds: 0 });
    }
  }

  /** Waits until a running step ends or has only links left. If steps wait for memory, it also returns after an interval. */
  async nextEnd(): Promise<void> {
    if (this.#running.size === 0) return;
    const ends = [...this.#running.values()].map(({ done }) => done);
    await Promise.race([this.#newLinking.promise, ...ends, ...(this.#waiting.length > 0 ? [pause(MEMORY_POLL)] : [])]);
  }

  #whySkipped(step: Step, isStopping: boolean): string | undefined {
    if (this.#options.signal.aborted) return 'the run was stopped';
    const isPossible = this.#options.keepGoing && this.#lacking.possible(step) !== undefined;
    const blocked = isPossible
      ? undefined
      : blockedBecause(step, { ended: this.#ended, lacking: this.#lacking, plan: this.#plan });
    return blocked ?? (isStopping ? FAILED_BESIDE : undefined);
  }

  #placed(step: Step): Step | undefined {
    const isReady = step.needs.every((id) => this.#ended.has(id)) && step.after.every((id) => this.#isBehind(id, step));
    if (!isReady) return undefined;
    const begun = [...this.#running.values()].map((each) => each.step);
    return placeToStart(this.#clusterIsGone ? onThisMachine(step) : step, begun, this.#options.limits);
  }

  #start(step: Step): void {
    const at = performance.now();
    this.#options.emit({ kind: 'step-started', step, at });
    const stop = new AbortController();
    const attempted = attempt(this.#lacking.possible(step) ?? step, {
      ...this.#performing,
      signal: AbortSignal.any([this.#options.signal, stop.signal]),
      onlyLinksLeft: () => this.#noteLinking(step.id),
    });
    this.#running.set(step.id, { step, stop, done: attempted.then((end) => this.#take(step, at, end)) });
  }

  /**
   * Reports whether this step need not wait for the other one any more. Only a call of Go may begin beside links,
   * because a step that removes containers would stop them.
   */
  #isBehind(id: StepId, { pool }: Step): boolean {
    return this.#ended.has(id) || (pool === 'go' && this.#linking.has(id));
  }

  #noteLinking(id: StepId): void {
    this.#linking.add(id);
    this.#newLinking.resolve();
    this.#newLinking = Promise.withResolvers();
  }

  /**
   * After a failure, stops the running steps that come later in the order of `after`. They could begin only because
   * this one had only links left.
   */
  #stopWhatIsAfter(id: StepId): void {
    for (const step of this.#plan.steps) {
      if (!step.after.includes(id)) continue;
      this.#running.get(step.id)?.stop.abort(FAILED_BESIDE);
      this.#stopWhatIsAfter(step.id);
    }
  }

  #take(step: Step, started: number, attempted: Ended | { readonly notRemote: NotRemote }): void {
    this.#running.delete(step.id);
    if ('notRemote' in attempted) return this.#queueHere(step, attempted.notRemote);
    const { outcome, output, failed, unmade } = attempted;
    this.failures.push(...failed);
    if (failed.length > 0 && !this.#options.keepGoing) this.#stopWhatIsAfter(step.id);
    this.#lacking.add(step, failed.length > 0 ? (unmade ?? step.outputs) : []);
    const [failure] = failed;
    const milliseconds = performance.now() - started;
    const rest = { output, milliseconds, ...(failure === undefined ? {} : { failure }) };
    this.#finish(step, this.#lacking.told(step, outcome), rest);
  }

  /** Runs a step here that the cluster did not run. After `isGone` the cluster gets no more steps. */
  #queueHere(step: Step, { message, isGone }: NotRemote): void {
    this.#clusterIsGone ||= isGone;
    const note = `${step.title}: done on this machine, as ${message}`;
    this.#options.emit({ kind: 'step-noted', step, note, at: performance.now() });
    this.#waiting = [onThisMachine(step), ...this.#waiting];
  }

  #finish(step: Step, outcome: Outcome, rest: Pick<EventOf<'step-finished'>, 'output' | 'milliseconds' | 'failure'>) {
    this.#ended.set(step.id, outcome);
    if (outcome.is === 'skipped') this.#lacking.add(step, step.outputs);
    this.#options.emit({ kind: 'step-finished', step, outcome, ...rest, at: performance.now() });
  }
}

interface RunningStep {
  readonly step: Step;
  /** Ends this step alone. */
  readonly stop: AbortController;
  readonly done: Promise<void>;
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
    const { aborted, reason } = performing.signal;
    const why = reason === FAILED_BESIDE ? FAILED_BESIDE : 'the run was stopped';
    if (aborted) return { outcome: { is: 'skipped', why }, output: '', failed: [] };
    if (error instanceof NotRemote) return { notRemote: error };
    if (!(error instanceof FailureError)) throw error;
    return { outcome: { is: 'failed', why: error.message }, output: outputOf(error), failed: error.failures };
  }
}

interface Blocking {
  readonly ended: ReadonlyMap<StepId, Outcome>;
  readonly lacking: Lacking;
  readonly plan: Plan;
}

/** Why a step can never run after one of its needs failed. */
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
