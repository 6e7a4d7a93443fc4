import { expect, test } from 'vitest';
import type { Event, StepId } from '@slipway/model';
import { traceOf } from './trace.ts';

const step = { id: 'go', title: 'build kubectl', kind: 'exec' };

test('a trace holds steps, what Go did, tests and the machine, and no lane overlaps', () => {
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
