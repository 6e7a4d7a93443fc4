import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { realOutputFiles } from '@slipway/adapters';
import { type Event, type Plan, placeOf } from '@slipway/model';
import { formatStats, sparkline } from './format-stats.ts';
import { RunLog, previousOf, readHistory, usualOf } from './run-history.ts';

const caches = mkdtempSync(join(tmpdir(), 'slipway-history-'));
afterAll(() => rmSync(caches, { recursive: true, force: true }));
const kept = { caches, files: realOutputFiles() };

const plan = { root: '/tree', targets: ['all'], profile: 'dev', steps: [] } as unknown as Plan;
const step = { id: 'go', kind: 'exec', actions: [{}, {}] };

async function run(milliseconds: number, ok = true): Promise<void> {
  const log = new RunLog();
  const reporter = log.watching({ emit() {}, [Symbol.dispose]() {} });
  const outcome = { is: 'ran', why: '', parts: [{ is: 'ran' }, { is: 'fresh' }] };
  const spans = [{ is: 'compile' }, { is: 'compile' }, { is: 'link' }];
  const events = [
    { kind: 'run-started', plan, at: 0 },
    { kind: 'go-worked', id: 'go', spans, kept: 7, at: 0 },
    { kind: 'step-finished', step, outcome, output: '', milliseconds: milliseconds - 100, at: 0 },
    { kind: 'run-finished', ok, interrupted: false, milliseconds, at: 0 },
  ] as unknown as Event[];
  for (const event of events) reporter.emit(event);
  await log.remember(new Date('2026-01-02T03:04:05Z'), kept);
}

test('the history records what each run did, and how long its steps took', async () => {
  await run(60_000);
  await run(2000);
  await run(90_000, false);
  const runs = await readHistory('/tree', kept);
  expect(
    runs.map(({ is, milliseconds, counts, compiled, linked }) => [is, milliseconds, counts, compiled, linked]),
  ).toEqual([
    ['done', 60_000, { ran: 1, fresh: 1 }, 2, 1],
    ['done', 2000, { ran: 1, fresh: 1 }, 2, 1],
    ['failed', 90_000, { ran: 1, fresh: 1 }, 2, 1],
  ]);
  expect(usualOf(runs).steps.get('go')).toBe(1900);
  expect(previousOf(runs, plan)?.milliseconds).toBe(2000);
  expect(formatStats(runs)).toEqual([
    'when              what   took  ended   made  known  compiled  linked  Go had',
    '2026-01-02 03:04  all   1m00s  done       1      1         2       1       7',
    '2026-01-02 03:04  all    2.0s  done       1      1         2       1       7',
    '2026-01-02 03:04  all   1m30s  failed     1      1         2       1       7',
    '',
    '3 runs  ▇▁█  2.0s to 1m30s',
  ]);
});

test('a broken or missing history counts as empty', async () => {
  expect(await readHistory('/other', kept)).toEqual([]);
  writeFileSync(join(caches, 'history', `${placeOf('/other')}.json`), '{"half');
  expect(await readHistory('/other', kept)).toEqual([]);
  expect(formatStats([])).toEqual(['no run of this tree is remembered that had something to do']);
  expect(sparkline([5, 5])).toBe('▁▁');
});
