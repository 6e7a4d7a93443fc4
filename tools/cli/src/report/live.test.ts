import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Event, Plan, Step, StepId } from '@slipway/model';
import { TerminalScreen } from '@slipway/testing';
import { unpainted } from './color.ts';
import { liveReporter } from './live.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const step = (id: string): Step =>
  ({ kind: 'exec', id, title: `build ${id} for linux/amd64 (static)`, needs: [], after: [] }) as unknown as Step;

const options = {
  silent: false,
  quiet: false,
  explain: false,
  verbose: false,
  hidesOutput: false,
  allOfTests: false,
  paint: unpainted,
};

function open(columns = 80) {
  const screen = new TerminalScreen(columns, 24);
  const reporter = liveReporter(screen as unknown as NodeJS.WriteStream, options);
  return { screen, reporter, emit: (event: object) => reporter.emit({ at: performance.now(), ...event } as Event) };
}

const steps = [step('kubectl'), step('kubelet')];
const plan = { steps, targets: ['all'], profile: 'dev', gitVersion: '', notes: [] } as unknown as Plan;

test('during any long task the screen changes at least every two seconds', () => {
  const { screen, reporter, emit } = open();
  vi.advanceTimersByTime(5000);
  reporter.note!('downloading go1.26.8');
  vi.advanceTimersByTime(60_000);
  expect(screen.text).toEqual(['  downloading go1.26.8 (1m05s)']);
  emit({ kind: 'run-started', plan });
  emit({ kind: 'step-started', step: steps[0] });
  vi.advanceTimersByTime(120_000);
  const gaps = screen.times.slice(1).map((time, i) => time - screen.times[i]!);
  expect(Math.max(...gaps)).toBeLessThan(2000);
  reporter[Symbol.dispose]();
});

test('the row of a download shows its progress', () => {
  const { screen, reporter } = open();
  reporter.note!('downloading go1.26.8');
  reporter.note!('downloading go1.26.8', { done: 12e6, total: 70e6 });
  expect(screen.text).toEqual(['  downloading go1.26.8: 12 MB of 70 MB (0.0s)']);
  reporter[Symbol.dispose]();
});

test('writes to a shared cache after the last step are shown until they end', () => {
  const { screen, emit } = open();
  emit({ kind: 'run-started', plan });
  emit({ kind: 'run-finished', ok: true, interrupted: false, milliseconds: 3000 });
  const before = [...screen.text];
  const moved = { url: 'grpc://cache:9092', bytesRead: 0, bytesWritten: 0, unfinished: 2, isEnd: true };
  const from = screen.times.length;
  for (let second = 1; second <= 20; second++) {
    vi.advanceTimersByTime(1000);
    emit({ kind: 'cache-moved', ...moved, bytesWritten: second * 1e6 });
  }
  expect(screen.text).toEqual([...before, '  writing to grpc://cache:9092: 19 MB written, 2 records left']);
  const gaps = screen.times.slice(from).map((time, i) => time - screen.times[from + i - 1]!);
  expect(Math.max(...gaps)).toBeLessThan(2000);
  const traffic = { url: 'grpc://cache:9092', hits: 0, bytesRead: 0, written: 2, bytesWritten: 21e6, unfinished: 0 };
  emit({ kind: 'cache-shared', traffic });
  vi.advanceTimersByTime(3000);
  expect(screen.text).toEqual([...before, 'cache     grpc://cache:9092: 2 written (21 MB)']);
});

test('a long printed line has no line break of ours, so that it can be copied as one', () => {
  const { screen, emit } = open(40);
  const written = vi.spyOn(screen, 'write');
  emit({ kind: 'run-started', plan });
  emit({ kind: 'step-started', step: steps[0] });
  const path = `/home/somebody/${'directory/'.repeat(8)}main.go:3:1: undefined: x`;
  emit({ kind: 'step-noted', step: steps[0], note: path });
  emit({ kind: 'step-finished', step: steps[0], outcome: { is: 'failed', why: path }, output: path, milliseconds: 1 });
  expect(written.mock.calls.map(([text]) => text).join('')).toContain(path);
  emit({ kind: 'run-finished', ok: false, interrupted: false, milliseconds: 1 });
});

test('at the end the view is gone, and each failure is on the screen once', () => {
  const { screen, emit } = open();
  emit({ kind: 'run-started', plan });
  for (const each of steps) emit({ kind: 'step-started', step: each });
  const progress = {
    ...{ packages: { done: 3, total: 10 }, kept: 0, library: 0, links: { done: 0, total: 2 }, left: undefined },
    current: ['k8s.io/kubernetes/pkg/apis/core/v1'],
  };
  emit({ kind: 'go-progressed', id: 'kubectl' as StepId, progress });
  vi.advanceTimersByTime(3000);
  expect(screen.text.join('\n')).toContain('3 of 10 packages');
  const rest = { output: '', milliseconds: 3000 };
  emit({ kind: 'step-finished', step: steps[0], outcome: { is: 'ran', why: '' }, ...rest });
  emit({
    kind: 'step-finished',
    step: steps[1],
    outcome: { is: 'failed', why: 'x' },
    ...rest,
    output: 'a.go:1: broken',
  });
  emit({ kind: 'run-finished', ok: false, interrupted: false, milliseconds: 3000 });
  vi.advanceTimersByTime(3000);
  expect(screen.text).toEqual([
    'slipway all (profile dev)',
    '  ran        3.0s  build kubectl for linux/amd64 (static)',
    'failed    build kubelet for linux/amd64 (static)',
    'a.go:1: broken',
    'failed in 3.0s: 1 ran, 1 failed',
  ]);
});

test('after the terminal became narrower every row fits, and no old row remains', () => {
  const { screen, reporter, emit } = open(120);
  emit({ kind: 'run-started', plan });
  emit({ kind: 'step-started', step: steps[0] });
  vi.advanceTimersByTime(1000);
  screen.resize(40);
  vi.advanceTimersByTime(1000);
  expect(screen.text).toEqual([
    'slipway all (profile dev)',
    '  runs   2.0s  build kubectl for linux…',
    '  0 of 2 steps · 2.0s',
  ]);
  reporter[Symbol.dispose]();
  expect(screen.text).toEqual(['slipway all (profile dev)']);
});

test('a failure is printed again in full if other lines followed it', () => {
  const { screen, emit } = open();
  emit({ kind: 'run-started', plan });
  const failed = { outcome: { is: 'failed', why: 'x' }, output: 'a.go:1: broken', milliseconds: 0 };
  emit({ kind: 'step-finished', step: steps[0], ...failed });
  emit({ kind: 'step-finished', step: steps[1], outcome: { is: 'ran', why: '' }, output: '', milliseconds: 0 });
  emit({ kind: 'run-finished', ok: false, interrupted: false, milliseconds: 0 });
  expect(screen.text.filter((line) => line === 'a.go:1: broken')).toHaveLength(2);
  expect(screen.text.at(-2)).toBe('a.go:1: broken');
});
