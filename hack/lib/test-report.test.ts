import { expect, test } from 'vitest';
import { budgetProblem, suites } from './test-budget.ts';
import { splitLog } from './nx-tasks.ts';
import { readGoTestEvents, readReport } from './test-report.ts';
import { summarize } from './test-summary.ts';

test('the budgets of all suites fit the limit, and a table that does not is named', () => {
  expect(budgetProblem()).toBeUndefined();
  expect(budgetProblem(suites, 5)).toMatch(/add up to \d+ minutes, the limit is 5: unit tests \d/);
});

test('vitest: tests by file and name, and a file that cannot be loaded is a failure', () => {
  const report = {
    testResults: [
      {
        name: '/x/tools/a/src/a.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'works', status: 'passed', duration: 2 },
          { fullName: 'later', status: 'todo' },
        ],
      },
      { name: '/x/hack/lib/b.test.ts', status: 'failed', assertionResults: [] },
    ],
  };
  expect(readReport(JSON.stringify(report))).toEqual([
    { name: 'tools/a/src/a.test.ts > works', outcome: 'passed', milliseconds: 2 },
    { name: 'tools/a/src/a.test.ts > later', outcome: 'skipped', milliseconds: 0 },
    { name: 'hack/lib/b.test.ts', outcome: 'failed', milliseconds: 0 },
  ]);
});

test('go: tests are counted, a package that does not compile is one failure, and its output is shown', () => {
  const event = (fields: object): string => JSON.stringify(fields);
  const { records, shown } = readGoTestEvents([
    event({ Action: 'pass', Package: 'm/a', Test: 'TestA', Elapsed: 0.5 }),
    event({ Action: 'output', Package: 'm/a', Test: 'TestA', Output: 'chatter\n' }),
    event({ Action: 'output', Package: 'm/a', Output: 'ok  \tm/a\t0.5s\n' }),
    event({ Action: 'pass', Package: 'm/a', Elapsed: 0.5 }),
    event({ Action: 'build-output', ImportPath: 'm/b', Output: 'b.go:1: broken\n' }),
    event({ Action: 'fail', Package: 'm/b', Elapsed: 0 }),
    'go: something',
    '',
  ]);
  expect(records).toEqual([
    { name: 'm/a TestA', outcome: 'passed', milliseconds: 500 },
    { name: 'm/b', outcome: 'failed', milliseconds: 0 },
  ]);
  expect(shown).toBe('go: something\nok  \tm/a\t0.5s\nb.go:1: broken\n');
});

const log =
  'start\n> nx run hack:typecheck\n\n> tsc\n\nfound x\n> nx run @slipway/b:test  [local cache]\n\nfine\n\n NX   Running targets failed\n';
const task = { cached: false, milliseconds: 1500, output: '> nx run hack:typecheck\nfound x\n' };

test("Nx's log is split by task", () => {
  expect([...splitLog(log)].map(([id, text]) => [id, text.trim()])).toEqual([
    ['hack:typecheck', '> nx run hack:typecheck\n\n> tsc\n\nfound x'],
    ['@slipway/b:test', '> nx run @slipway/b:test  [local cache]\n\nfine'],
  ]);
});

test('the summary shows what failed and ends with the counts', () => {
  const run = {
    ok: false,
    log,
    tasks: [
      { ...task, id: 'hack:typecheck', ok: false },
      { ...task, id: '@slipway/b:test', ok: true, cached: true },
    ],
  };
  const { text, ok } = summarize({
    run,
    records: [{ name: 't', outcome: 'passed', milliseconds: 3 }],
    minutes: 1,
    minuteLimit: 20,
  });
  expect(ok).toBe(false);
  expect(text).toContain('found x');
  expect(text).toMatch(/^types +1\.5 s of +1 min +1 run, 0 cached$/m);
  expect(text.split('\n').at(-1)).toBe('1 passed, 1 failed');
});

test('too late, nothing run and Nx failing are failures', () => {
  const fine = { ok: true, log: '', tasks: [{ ...task, id: 'hack:typecheck', ok: true }] };
  expect(summarize({ run: fine, records: [], minutes: 21, minuteLimit: 20 }).text).toContain(
    '21.0 minutes, the limit is 20',
  );
  expect(summarize({ run: fine, records: [], minutes: 21, minuteLimit: 20 }).ok).toBe(false);
  expect(summarize({ run: { ...fine, tasks: [] }, records: [], minutes: 1, minuteLimit: 20 }).ok).toBe(false);
  expect(
    summarize({ run: { ok: false, log: 'NX exploded', tasks: [] }, records: [], minutes: 1, minuteLimit: 20 }).text,
  ).toContain('NX exploded');
});
