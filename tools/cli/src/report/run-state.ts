import type { Event, EventOf, GoProgress, Moved, Outcome, Plan, Step, StepId } from '@slipway/model';
import { formatMoved } from './words.ts';
import { TestRun } from '../tests/test-run.ts';

export interface RunningStep {
  readonly step: Step;
  readonly at: number;
  readonly go?: { readonly progress: GoProgress; readonly at: number } | undefined;
}

/** Durations in earlier runs of the same tree. */
export interface Usual {
  /** Milliseconds of each step in its last run. */
  readonly steps: ReadonlyMap<string, number>;
}

/** The progress of a run, from its events. */
export class RunState {
  plan: Plan | undefined;
  waiting = '';
  /** The current task before the plan exists. */
  preparing = 'looking at the tree';
  /** The last remark of a running step. */
  readonly notes = new Map<StepId, string>();
  /** Bytes of a running step. */
  readonly bytes = new Map<StepId, Moved>();
  /** The last traffic report of the shared cache; undefined once it is complete. */
  cache: EventOf<'cache-moved'> | undefined;
  began = performance.now();
  machine: EventOf<'machine-used'> | undefined;
  readonly tests = new TestRun();
  /** Packages whose tests run, with their start times, longest first. */
  readonly testing = new Map<string, number>();
  readonly outcomes: Outcome[] = [];
  readonly running = new Map<StepId, RunningStep>();
  private readonly ended = new Map<StepId, { readonly ran: boolean; readonly took: number }>();
  private readonly usual: Usual;

  constructor(usual: Usual = { steps: new Map() }) {
    this.usual = usual;
  }

  /** Sets the current task before the plan exists, and its progress. */
  prepare(text: string, moved?: Moved): void {
    this.preparing = moved === undefined ? text : `${text}: ${formatMoved(moved)}`;
  }

  add(event: Event): void {
    if (event.kind === 'run-started') {
      this.plan = event.plan;
      this.waiting = '';
      this.began = event.at;
    } else if (event.kind === 'waiting') this.waiting = event.why;
    else if (event.kind === 'step-started') this.running.set(event.step.id, { step: event.step, at: event.at });
    else if (event.kind === 'go-progressed') this.progressed(event);
    else if (event.kind === 'bytes-moved') this.bytes.set(event.id, event.moved);
    else if (event.kind === 'cache-moved') this.cache = event;
    else if (event.kind === 'cache-shared') this.cache = undefined;
    else if (event.kind === 'step-noted') this.notes.set(event.step.id, event.note);
    else if (event.kind === 'package-testing') this.testing.set(event.importPath, event.at);
    else if (event.kind === 'package-tested') {
      this.tests.add(event);
      this.testing.delete(event.result.importPath);
    } else if (event.kind === 'machine-used') this.machine = event;
    else if (event.kind === 'step-finished') {
      this.running.delete(event.step.id);
      this.outcomes.push(event.outcome);
      this.ended.set(event.step.id, { ran: event.outcome.is === 'ran', took: event.milliseconds });
    }
  }

  get total(): number {
    return this.plan?.steps.length ?? 0;
  }

  /** Milliseconds until the run ends, by earlier runs; undefined if a step never ran before. */
  left(now: number): number | undefined {
    if (this.plan === undefined || this.usual.steps.size === 0) return undefined;
    let left = 0;
    let expected = 0;
    let usual = 0;
    for (const [id, { ran, took }] of this.ended) if (ran) [expected, usual] = [expected + took, usual + this.took(id)];
    for (const each of this.running.values()) {
      const rest = this.leftOf(each, now);
      if (rest === undefined) return undefined;
      left = Math.max(left, rest);
      [expected, usual] = [expected + (now - each.at) + rest, usual + this.took(each.step.id)];
    }
    const waiting = this.plan.steps.filter(({ id }) => !this.ended.has(id) && !this.running.has(id));
    const more = waiting.reduce((sum, { id }) => sum + this.took(id), 0);
    // Assume that future steps have the same share of stale packages as finished ones: a small change takes less time
    // than a first build.
    return left + more * Math.min(1, usual < 1000 ? 1 : expected / usual);
  }

  private took(id: StepId): number {
    return this.usual.steps.get(id) ?? 0;
  }

  leftOf({ step, at, go }: RunningStep, now: number): number | undefined {
    if (go?.progress.left !== undefined) return Math.max(0, go.progress.left - (now - go.at));
    if (step.kind === 'exec' && step.tests !== undefined) return this.leftOfTests(step.actions?.length ?? 0, at, now);
    const { done = 0, total = 0 } = this.bytes.get(step.id) ?? {};
    if (done > 0 && total > 0) return ((now - at) / done) * (total - done);
    const usual = this.usual.steps.get(step.id);
    if (usual === undefined) return step.kind === 'exec' ? undefined : 0;
    return Math.max(0, usual - (now - at));
  }

  /** At the speed so far. */
  private leftOfTests(total: number, at: number, now: number): number | undefined {
    const { tested } = this.tests;
    const ran = tested.filter(({ is }) => is === 'ran').length;
    return ran === 0 ? undefined : ((now - at) / ran) * Math.max(0, total - tested.length);
  }

  private progressed({ id, progress, at }: EventOf<'go-progressed'>): void {
    const running = this.running.get(id);
    if (running !== undefined) this.running.set(id, { ...running, go: { progress, at } });
  }
}
