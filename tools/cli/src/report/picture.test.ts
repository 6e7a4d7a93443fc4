import { expect, test } from 'vitest';
import type { Event, GoProgress, Plan, Step, StepId } from '@slipway/model';
import { fit, fitName, picture } from './picture.ts';
import { RunState, type Usual } from './run-state.ts';

const step = (id: string, more: object = {}): Step =>
  ({
    kind: 'exec',
    id,
    title: `build ${id} for linux/amd64 (static)`,
    needs: [],
    after: [],
    ...more,
  }) as unknown as Step;

const NOW = 130_000;

function stateOf(steps: readonly Step[], events: readonly Event[], usual?: Usual): RunState {
  const state = new RunState(usual);
  state.add({ kind: 'run-started', plan: { steps, targets: ['all'], notes: [] } as unknown as Plan, at: 0 });
  for (const event of events) state.add(event);
  return state;
}

const started = (one: Step, at = 0): Event => ({ kind: 'step-started', step: one, at });
const progressed = (id: string, more: Partial<GoProgress> = {}): Event => ({
  kind: 'go-progressed',
  id: id as StepId,
  at: NOW,
  progress: {
    ...{ packages: { done: 1204, total: 2210 }, kept: 311, library: 0, links: { done: 3, total: 17 }, left: 125_000 },
    ...{ current: ['k8s.io/kubernetes/pkg/apis/core/v1', 'k8s.io/client-go/kubernetes/typed/apps/v1'], ...more },
  },
});

const go = step('kubectl, kubeadm and 9 more');
const running = [started(go), progressed(go.id), { kind: 'machine-used', cores: 1.9, memory: 2.1e9, at: NOW } as const];

test('a Go call shows its packages, its links, what it compiles and the remaining time', () => {
  const rows = picture(stateOf([go, step('b')], running), { columns: 100, rows: 24 }, NOW);
  expect(rows).toEqual([
    '  runs  2m10s  build kubectl, kubeadm and 9 more for linux/amd64 (static)          about 2m05s left',
    '               █████████████░░░░░░░░░░░ 1204 of 2210 packages (311 known), 3 of 17 links',
    '               k8s.io/kubernetes/pkg/apis/core/v1  k8s.io/client-go/kubernetes/typed/apps/v1',
    '  0 of 2 steps · 2m10s · 1.9 cores, 2.1 GB',
  ]);
});

test.each([20, 40, 80, 200])('at %i columns each row fits the terminal', (columns) => {
  for (const row of picture(stateOf([go, step('b')], running), { columns, rows: 24 }, NOW))
    expect(row.length).toBeLessThan(columns);
});

test('on a wide terminal the remaining time stays next to its row', () => {
  const [first = ''] = picture(stateOf([go], running), { columns: 200, rows: 50 }, NOW);
  expect(first.length).toBe(110);
  expect(first).toMatch(/about 2m05s left$/);
});

test('at 40 columns the view still shows the progress', () => {
  const rows = picture(stateOf([go], running), { columns: 40, rows: 24 }, NOW);
  expect(rows[1]).toBe('  1204 of 2210 packages (311 known), 3…');
  expect(rows[2]).toBe('  …/apis/core/v1  …/typed/apps/v1');
});

test('a view of many steps leaves room for the lines above', () => {
  const steps = Array.from({ length: 30 }, (_, i) => step(`c${i}`));
  const state = stateOf(
    steps,
    steps.map((each) => started(each)),
  );
  const rows = picture(state, { columns: 80, rows: 10 }, NOW);
  expect(rows).toHaveLength(6);
  expect(rows.at(-2)).toBe('  … 26 more');
});

test('fitName keeps the end of a name, and a wide letter takes two columns', () => {
  expect(fitName('k8s.io/kubernetes/pkg/apis/core/v1', 20)).toBe('…/pkg/apis/core/v1');
  expect(fit('日本語', 5)).toBe('日本…');
});

test('the remaining time includes future steps, by their earlier duration', () => {
  const usual = {
    steps: new Map([
      [go.id, 260_000],
      ['b', 20_000],
    ]),
  };
  const state = stateOf([go, step('b')], [started(go), progressed(go.id, { left: 130_000 })], usual);
  expect(state.left(NOW)).toBe(150_000);
});

test('a step that never ran before has no expected time', () => {
  const usual = { steps: new Map([['b', 20_000]]) };
  expect(stateOf([go, step('b')], [started(go)], usual).left(NOW)).toBeUndefined();
});

test('a step shows bytes done and total, and the status shows the cache traffic', () => {
  const archive = { ...step('archive'), kind: 'archive', title: 'archive kubernetes.tar.gz' } as unknown as Step;
  const moved = { done: 120e6, total: 480e6 };
  const traffic = { url: 'grpc://cache:9092', bytesRead: 0, bytesWritten: 2.5e6, unfinished: 3, isEnd: false };
  const state = stateOf(
    [archive],
    [
      started(archive, 100_000),
      { kind: 'bytes-moved', id: archive.id, moved, at: NOW },
      { kind: 'cache-moved', ...traffic, at: NOW },
    ],
  );
  expect(picture(state, { columns: 80, rows: 24 }, NOW)).toEqual([
    '  runs    30s  archive kubernetes.tar.gz                       about 1m30s left',
    '               ██████░░░░░░░░░░░░░░░░░░ 120 MB of 480 MB',
    '  0 of 1 steps · 2m10s · cache: 2.5 MB written',
  ]);
});

test('tests show how many are done, known and failed, and the slowest packages', () => {
  const tests = step('tests', { tests: {}, actions: [1, 2, 3, 4, 5], title: 'test 5 packages' });
  const tested = (importPath: string, is: string, end = 'pass'): Event =>
    ({ kind: 'package-tested', is, result: { importPath, is: end, tests: [] }, at: 0 }) as unknown as Event;
  const testing = (importPath: string, at: number): Event => ({ kind: 'package-testing', importPath, at });
  const events = [
    ...[started(tests, 100_000), tested('known', 'fresh'), testing('slow', 110_000), testing('quick', 111_000)],
    ...[testing('next', 125_000), tested('quick', 'ran', 'fail')],
  ];
  expect(picture(stateOf([tests], events), { columns: 80, rows: 24 }, NOW).slice(0, 3)).toEqual([
    '  runs    30s  test 5 packages                                 about 1m30s left',
    '               █████████░░░░░░░░░░░░░░░ 2 of 5 packages, 1 known, 1 failed',
    '               slow 20s  next 5.0s',
  ]);
});
