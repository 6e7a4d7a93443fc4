import { expect, test } from 'vitest';
import type { Event, StepId } from '@slipway/model';
import { seededRandom } from '@slipway/testing';
import { traceOf } from './trace.ts';

const step = { id: 'go', title: 'build kubectl', kind: 'exec' };

test("a trace contains steps, Go's work, tests and the machine's load, and spans of a lane do not overlap", () => {
  const events = [
    { kind: 'step-finished', step, outcome: { is: 'ran', why: 'new' }, output: '', milliseconds: 900, at: 1000 },
    {
      ...{ kind: 'go-worked', id: 'go' as StepId, kept: 0, at: 1000 },
      spans: [
        { name: 'a', is: 'compile', from: 100, to: 500 },
        { name: 'b', is: 'compile', from: 200, to: 400 },
        { name: 'c', is: 'link', from: 500, to: 900 },
      ],
    },
    { kind: 'package-tested', is: 'ran', result: { importPath: 'p', is: 'pass', seconds: 0.25, tests: [] }, at: 1500 },
    { kind: 'package-tested', is: 'fresh', result: { importPath: 'q', is: 'pass', seconds: 9, tests: [] }, at: 1500 },
    { kind: 'machine-used', cores: 1.5, memory: 1000, at: 1200 },
  ] as unknown as Event[];
  const { traceEvents } = JSON.parse(traceOf(events)) as { traceEvents: Record<string, unknown>[] };
  const spans = traceEvents
    .filter(({ ph }) => ph === 'X')
    .map(({ name, cat, pid, tid, ts, dur }) => [name, cat, pid, tid, ts, dur]);
  expect(spans).toEqual([
    ['build kubectl', 'ran', 1, 1, 100_000, 900_000],
    ['a', 'compile', 2, 1, 100_000, 400_000],
    ['b', 'compile', 2, 2, 200_000, 200_000],
    ['c', 'link', 2, 1, 500_000, 400_000],
    ['p', 'pass', 3, 1, 1_250_000, 250_000],
  ]);
  expect(traceEvents.filter(({ ph }) => ph === 'C').map(({ name, args }) => [name, args])).toEqual([
    ['cores', { cores: 1.5 }],
    ['memory', { bytes: 1000 }],
  ]);
});

/** The rules of the Trace Event Format for an event, by kind. */
function problemOf({ ph, name, pid, tid, ts, dur, args }: Record<string, unknown>): string | undefined {
  const numbers = (...some: unknown[]): boolean =>
    some.every((one) => typeof one === 'number' && Number.isInteger(one) && one >= 0);
  if (typeof name !== 'string' || name === '' || !numbers(pid, tid)) return 'no name, process or thread';
  if (ph === 'M') return typeof (args as { name?: unknown }).name === 'string' ? undefined : 'a process without a name';
  if (!numbers(ts)) return 'no time';
  if (ph === 'X') return numbers(dur) ? undefined : 'no duration';
  if (ph === 'C') return Object.values(args as object).every((each) => Number.isFinite(each)) ? undefined : 'no number';
  return `an unknown kind ${String(ph)}`;
}

test('for every run each trace event is complete, and spans of a lane follow each other or are nested', () => {
  const random = seededRandom('trace', '16');
  const events = Array.from({ length: 400 }, (_, i) => {
    const [at, took] = [1000 + random.below(100_000) / 7, random.below(3000) / 3];
    const kinds = [
      { kind: 'step-finished', step, outcome: { is: 'ran', why: '"quoted"\n' }, milliseconds: Math.min(at, took), at },
      {
        ...{ kind: 'go-worked', id: 'go', kept: 0, at },
        spans: [
          { name: `p${i}`, is: 'compile', from: at, to: at + took },
          { name: `p${i}`, is: 'link', from: at + took, to: at + took + took / 3 },
        ],
      },
      {
        kind: 'package-tested',
        is: 'ran',
        result: { importPath: 'p', is: 'pass', seconds: took / 4000, tests: [] },
        at,
      },
      { kind: 'machine-used', cores: took / 1000, memory: random.below(1e9), at },
    ];
    return kinds[i % kinds.length];
  }) as unknown as Event[];
  const { traceEvents } = JSON.parse(traceOf(events)) as { traceEvents: Record<string, unknown>[] };
  expect(traceEvents.flatMap((event) => problemOf(event) ?? [])).toEqual([]);
  expect(traceEvents).toHaveLength(400 + 100 + 100 + 4);
  const spans = traceEvents.filter(({ ph }) => ph === 'X') as unknown as {
    pid: number;
    tid: number;
    ts: number;
    dur: number;
  }[];
  for (const lane of Map.groupBy(spans, ({ pid, tid }) => `${pid} ${tid}`).values())
    for (const [i, { ts }] of lane.entries())
      if (i > 0) expect(ts).toBeGreaterThanOrEqual(lane[i - 1]!.ts + lane[i - 1]!.dur);
});
