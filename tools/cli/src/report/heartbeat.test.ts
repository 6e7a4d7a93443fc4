import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event, Plan, Step, StepId } from '@slipway/model';
import { withHeartbeat } from './heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const step = (id: string, more: object = {}): Step => ({ kind: 'exec', id, title: id, ...more }) as unknown as Step;

function reporter() {
  const said: string[] = [];
  const events: Event[] = [];
  const next = { emit: (event: Event) => void events.push(event), [Symbol.dispose]: () => void said.push('ended') };
  const made = withHeartbeat(next, { output: { write: (text) => void said.push(text) }, errors: { write: () => {} } });
  made.emit({ kind: 'run-started', plan: { steps: [] } as unknown as Plan, at: 0 });
  events.length = 0;
  const start = (each: Step): void => made.emit({ kind: 'step-started', step: each, at: performance.now() });
  return { made, said, events, start };
}

test('a run without output for half a minute prints what runs, repeatedly', () => {
  const { said, start } = reporter();
  start(step('build kubectl'));
  vi.advanceTimersByTime(29_000);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(31_000);
  expect(said).toEqual(['running   build kubectl (30s)\n', 'running   build kubectl (1m00s)\n']);
});

test('the line appears every half minute, even between other output', () => {
  const { made, said, events, start } = reporter();
  start(step('a'));
  vi.advanceTimersByTime(20_000);
  made.emit({ kind: 'waiting', why: 'x', at: 0 });
  vi.advanceTimersByTime(20_000);
  expect(said).toEqual(['running   a (30s)\n']);
  expect(events.map(({ kind }) => kind)).toEqual(['step-started', 'waiting']);
});

test('the line of a Go call shows its packages, its links, and the remaining time', () => {
  const { made, said, start } = reporter();
  start(step('go'));
  vi.advanceTimersByTime(20_000);
  const progress = {
    ...{ packages: { done: 1204, total: 2210 }, kept: 311, library: 0, links: { done: 3, total: 17 } },
    ...{ current: [], left: 130_000 },
  };
  made.emit({ kind: 'go-progressed', id: 'go' as StepId, progress, at: performance.now() });
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(['running   go (30s: 1204 of 2210 packages (311 known), 3 of 17 links, about 2m00s left)\n']);
});

test('the line of a test step shows how many packages are done', () => {
  const { made, said, start } = reporter();
  start(step('test 3 packages', { tests: {}, actions: [1, 2, 3] }));
  made.emit({ kind: 'package-tested', is: 'fresh', result: { importPath: 'p' } } as Event);
  vi.advanceTimersByTime(30_000);
  expect(said).toEqual(['running   test 3 packages (30s: 1 of 3 packages done)\n']);
});

test('the line names no finished step, and there is none after the end', () => {
  const { made, said, start } = reporter();
  start(step('a'));
  made.emit({ kind: 'step-finished', step: step('a'), outcome: { is: 'ran' } } as Event);
  vi.advanceTimersByTime(60_000);
  start(step('b'));
  made[Symbol.dispose]();
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual(['ended']);
});

test('the line shows the bytes of a step, and after the last step the writes to a shared cache', () => {
  const { made, said, start } = reporter();
  start(step('archive'));
  made.emit({ kind: 'bytes-moved', id: 'archive' as StepId, moved: { done: 2e6, total: 8e6 }, at: 0 });
  vi.advanceTimersByTime(30_000);
  made.emit({ kind: 'step-finished', step: step('archive'), outcome: { is: 'ran' } } as Event);
  const moved = { url: 'grpc://c:1', bytesRead: 0, bytesWritten: 5e6, unfinished: 1 };
  made.emit({ kind: 'cache-moved', ...moved, isEnd: true, at: 0 });
  vi.advanceTimersByTime(30_000);
  expect(said).toEqual([
    'running   archive (30s: 2.0 MB of 8.0 MB, about 1m30s left)\n',
    'running   writing to grpc://c:1: 5.0 MB written, 1 record left\n',
  ]);
});

test('before a plan exists the line shows what slipway waits for', () => {
  const said: string[] = [];
  const errors: string[] = [];
  const next = { emit() {}, [Symbol.dispose]() {} };
  const made = withHeartbeat(next, {
    output: { write: (text) => void said.push(text) },
    errors: { write: (text) => void errors.push(text) },
  });
  made.note!('downloading Go');
  vi.advanceTimersByTime(30_000);
  expect([said, errors]).toEqual([['running   downloading Go (30s)\n'], ['downloading Go\n']]);
  made[Symbol.dispose]();
});
