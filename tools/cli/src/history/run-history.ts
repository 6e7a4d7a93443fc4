import { join } from 'node:path';
import { type Event, FailureError, type Outcome, type Plan, placeOf } from '@slipway/model';
import { type Reporter, watched } from '../report/reporter.ts';
import type { Usual } from '../report/run-state.ts';
import type { Services } from '../services.ts';

/** One run of a tree that did work. */
export interface PastRun {
  /** ISO 8601: the end of the run. */
  readonly time: string;
  readonly targets: readonly string[];
  readonly profile: string;
  readonly is: 'done' | 'failed' | 'stopped';
  readonly milliseconds: number;
  /** The number of actions by outcome. */
  readonly counts: Readonly<Partial<Record<Outcome['is'], number>>>;
  /** Milliseconds of the performed steps. */
  readonly steps: Readonly<Record<string, number>>;
  readonly compiled: number;
  readonly linked: number;
  /** Packages that Go took from its cache. */
  readonly kept: number;
}

/** Maximum number of runs kept for one tree. */
const MOST_RUNS = 50;

type Kept = Pick<Services, 'caches' | 'files'>;

const fileOf = (root: string, caches: string): string => join(caches, 'history', `${placeOf(root)}.json`);

/** Newest last; empty if there is no readable history. */
export async function readHistory(root: string, { caches, files }: Kept): Promise<readonly PastRun[]> {
  if (caches === undefined) return [];
  try {
    const runs = JSON.parse((await files.readTextIfExists(fileOf(root, caches))) ?? '[]') as PastRun[];
    return Array.isArray(runs) ? runs.filter(({ time, steps }) => typeof time === 'string' && steps !== undefined) : [];
  } catch {
    return [];
  }
}

/** How long each step took the last time. */
export function usualOf(runs: readonly PastRun[]): Usual {
  return { steps: new Map(runs.filter(({ is }) => is === 'done').flatMap(({ steps }) => Object.entries(steps))) };
}

/** The last complete run of the same targets. */
export const previousOf = (runs: readonly PastRun[], { targets, profile }: Plan): PastRun | undefined =>
  runs.findLast((run) => run.is === 'done' && run.profile === profile && run.targets.join(' ') === targets.join(' '));

/** Collects the history entry of a run. */
export class RunLog {
  private plan: Plan | undefined;
  private readonly steps: Record<string, number> = {};
  private readonly counts: Partial<Record<Outcome['is'], number>> = {};
  private readonly work = { compiled: 0, linked: 0, kept: 0 };
  private end: { readonly is: PastRun['is']; readonly milliseconds: number } | undefined;

  /** Passes everything on. */
  watching(next: Reporter): Reporter {
    return watched(next, (event) => this.add(event));
  }

  private add(event: Event): void {
    if (event.kind === 'run-started') this.plan = event.plan;
    if (event.kind === 'step-finished') {
      const { step, outcome, milliseconds } = event;
      for (const { is } of outcome.parts ?? (step.actions === undefined ? [] : [outcome]))
        this.counts[is] = (this.counts[is] ?? 0) + 1;
      if (outcome.is === 'ran') this.steps[step.id] = Math.round(milliseconds);
    }
    if (event.kind === 'go-worked') {
      this.work.compiled += event.spans.filter(({ is }) => is === 'compile').length;
      this.work.linked += event.spans.filter(({ is }) => is === 'link').length;
      this.work.kept += event.kept;
    }
    if (event.kind === 'run-finished')
      this.end = {
        is: event.ok ? 'done' : event.interrupted ? 'stopped' : 'failed',
        milliseconds: Math.round(event.milliseconds),
      };
  }

  /** Adds the run to the history of its tree. A write error does not change the run's result. */
  async remember(time: Date, services: Kept): Promise<void> {
    const { plan, end, steps, counts, work } = this;
    if (plan === undefined || end === undefined || services.caches === undefined) return;
    const run = {
      time: time.toISOString(),
      targets: plan.targets,
      profile: plan.profile,
      ...end,
      counts,
      steps,
      ...work,
    };
    const runs = [...(await readHistory(plan.root, services)), run].slice(-MOST_RUNS);
    try {
      await services.files.writeFileWhole(fileOf(plan.root, services.caches), `${JSON.stringify(runs)}\n`);
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
    }
  }
}
