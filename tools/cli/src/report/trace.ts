import type { Event, GoSpan } from '@slipway/model';

/** One line of the Trace Event Format, which Perfetto and Chrome read. Times are microseconds. */
interface TraceEvent {
  readonly ph: 'X' | 'C' | 'M';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args?: object;
}

const STEPS = 1;
const GO = 2;
const TESTS = 3;
const MACHINE = 4;

/** A run as trace events: steps, Go's compile and link times, tested packages, the machine's load. */
export function traceOf(events: readonly Event[]): string {
  const traced = [
    ...Object.entries({ steps: STEPS, Go: GO, tests: TESTS, machine: MACHINE }).map(([name, pid]): TraceEvent => ({
      ph: 'M',
      name: 'process_name',
      pid,
      tid: 0,
      args: { name },
    })),
    ...inLanes(events.flatMap(stepOf), STEPS),
    ...inLanes(events.flatMap((event) => (event.kind === 'go-worked' ? event.spans : [])).map(compiled), GO),
    ...inLanes(events.flatMap(testedOf), TESTS),
    ...events.flatMap(machineOf),
  ];
  return `{"displayTimeUnit":"ms","traceEvents":[\n${traced.map((each) => JSON.stringify(each)).join(',\n')}\n]}\n`;
}

interface Span {
  readonly name: string;
  readonly cat: string;
  readonly from: number;
  readonly to: number;
  readonly args?: object;
}

const compiled = ({ name, is, from, to }: GoSpan): Span => ({ name, cat: is, from, to });

function stepOf(event: Event): Span[] {
  if (event.kind !== 'step-finished') return [];
  const { step, outcome, at, milliseconds } = event;
  return [
    { name: step.title, cat: outcome.is, from: at - milliseconds, to: at, args: { id: step.id, why: outcome.why } },
  ];
}

function testedOf(event: Event): Span[] {
  if (event.kind !== 'package-tested' || event.is !== 'ran') return [];
  const { result, at } = event;
  const tests = result.tests.length;
  return [{ name: result.importPath, cat: result.is, from: at - result.seconds * 1000, to: at, args: { tests } }];
}

const machineOf = (event: Event): TraceEvent[] =>
  event.kind !== 'machine-used'
    ? []
    : [
        { ph: 'C', name: 'cores', pid: MACHINE, tid: 0, ts: micro(event.at), args: { cores: event.cores } },
        { ph: 'C', name: 'memory', pid: MACHINE, tid: 0, ts: micro(event.at), args: { bytes: event.memory } },
      ];

/** Spans of one thread must not overlap, so each span goes into the first free lane. */
function inLanes(spans: readonly Span[], pid: number): TraceEvent[] {
  const freeFrom: number[] = [];
  return spans
    .toSorted((a, b) => a.from - b.from)
    .map(({ name, cat, from, to, args = {} }) => {
      const free = freeFrom.findIndex((at) => at <= from);
      const tid = free === -1 ? freeFrom.length : free;
      freeFrom[tid] = to;
      return { ph: 'X', name, cat, pid, tid: tid + 1, ts: micro(from), dur: micro(to) - micro(from), args };
    });
}

const micro = (milliseconds: number): number => Math.round(milliseconds * 1000);
