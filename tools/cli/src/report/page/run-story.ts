import type { AffectedChain, CacheTraffic, Event, EventOf, GoSpan, Plan, StepId } from '@slipway/model';
import { TestRun } from '../../tests/test-run.ts';

/** One performed step; times in milliseconds since the run began. */
export interface ToldStep {
  readonly finished: EventOf<'step-finished'>;
  readonly from: number;
  readonly to: number;
  /** Part of the critical path: without it the run would have ended earlier. */
  readonly critical: boolean;
}

/** The events of a run, combined. */
export interface RunStory {
  readonly plan: Plan | undefined;
  readonly steps: readonly ToldStep[];
  /** The number of planned steps that never ended. */
  readonly missing: number;
  readonly end: EventOf<'run-finished'> | undefined;
  readonly milliseconds: number;
  readonly traffic: CacheTraffic | undefined;
  readonly chains: readonly AffectedChain[];
  /** The number of changed files if there are too many for chains; else 0. */
  readonly untold: number;
  /** The start of the run, on the clock of the events. */
  readonly began: number;
  /** Compile and link times of Go. */
  readonly spans: readonly GoSpan[];
  /** The number of packages from Go's cache. */
  readonly kept: number;
  readonly machine: readonly { readonly at: number; readonly cores: number; readonly memory: number }[];
  readonly tests: TestRun;
}

export function storyOf(events: readonly Event[]): RunStory {
  const one = <K extends Event['kind']>(kind: K): EventOf<K> | undefined =>
    events.find((event): event is EventOf<K> => event.kind === kind);
  const began = one('run-started')?.at ?? 0;
  const plan = one('run-started')?.plan;
  const starts = new Map(events.flatMap((event) => (event.kind === 'step-started' ? [[event.step.id, event.at]] : [])));
  const finished = events.filter((event) => event.kind === 'step-finished');
  const critical = criticalPath(finished, starts);
  const steps = finished.map((event) => ({
    finished: event,
    from: (starts.get(event.step.id) ?? event.at) - began,
    to: event.at - began,
    critical: critical.has(event.step.id),
  }));
  const end = one('run-finished');
  return {
    plan,
    steps,
    missing: (plan?.steps.length ?? 0) - steps.length,
    end,
    milliseconds: end?.milliseconds ?? Math.max(0, ...steps.map(({ to }) => to)),
    traffic: one('cache-shared')?.traffic,
    chains: one('affected')?.chains ?? [],
    untold: one('affected')?.untold ?? 0,
    ...{ began, tests: testsOf(events), ...goOf(events, began) },
    machine: events.flatMap((event) =>
      event.kind === 'machine-used' ? [{ at: event.at - began, cores: event.cores, memory: event.memory }] : [],
    ),
  };
}

function testsOf(events: readonly Event[]): TestRun {
  const tests = new TestRun();
  for (const event of events) if (event.kind === 'package-tested') tests.add(event);
  return tests;
}

function goOf(events: readonly Event[], began: number): Pick<RunStory, 'spans' | 'kept'> {
  const worked = events.filter((event) => event.kind === 'go-worked');
  return {
    kept: worked.reduce((sum, { kept }) => sum + kept, 0),
    spans: worked
      .flatMap(({ spans }) => spans)
      .map((span) => ({ ...span, from: span.from - began, to: span.to - began })),
  };
}

/** The path from the step that ended last back through its dependencies, always through the one that ended last. */
function criticalPath(
  finished: readonly EventOf<'step-finished'>[],
  starts: ReadonlyMap<StepId, number>,
): ReadonlySet<StepId> {
  const byId = new Map(finished.map((event) => [event.step.id, event]));
  const latest = (events: readonly EventOf<'step-finished'>[]): EventOf<'step-finished'> | undefined =>
    events.toSorted((a, b) => b.at - a.at)[0];
  const path = new Set<StepId>();
  for (
    let at = latest(finished.filter(({ step }) => starts.has(step.id)));
    at !== undefined && !path.has(at.step.id);
  ) {
    path.add(at.step.id);
    at = latest([...at.step.needs, ...at.step.after].flatMap((id) => byId.get(id) ?? []));
  }
  return path;
}
