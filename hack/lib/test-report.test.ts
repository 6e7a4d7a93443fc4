import { describe, expect, test } from 'vitest';
import { budgetProblem, suites } from './test-budget.ts';
import { splitLog } from './nx-tasks.ts';
import { readTestedPackages } from './test-report.ts';
import { summarize } from './test-summary.ts';

test('the budgets of all suites fit the limit, and a table that does not is named', () => {
  expect(budgetProblem()).toBeUndefined();
  expect(budgetProblem(suites, 5)).toMatch(/add up to \d+ minutes, the limit is 5: unit tests \d/);
});

test('go: tests are counted, also restored ones; a package that does not compile is one failure, with its output', () => {
  const tested = (importPath: string, more: object): string =>
    JSON.stringify({
      ...{ kind: 'package-tested', is: 'ran' },
      result: { importPath, is: 'pass', seconds: 0, tests: [], output: '', ...more },
    });
  const { records, shown } = readTestedPackages([
    tested('m/a', {
      tests: [
        { name: 'TestA', is: 'pass', seconds: 0.5, output: '' },
        {
          name: 'TestB',
          is: 'skip',
          seconds: 0,
          output: '=== RUN   TestB\n    a_test.go:7: no gcc\n--- SKIP: TestB\n',
        },
      ],
    }),
    tested('m/b', { is: 'fail' }),
    JSON.stringify({ kind: 'step-finished', outcome: { is: 'failed' }, output: 'b.go:1: broken\n' }),
    'no event',
    '',
  ]);
  expect(records).toEqual([
    { name: 'm/a TestA', outcome: 'passed', milliseconds: 500 },
    { name: 'm/a TestB', outcome: 'skipped', milliseconds: 0, why: 'no gcc' },
    { name: 'm/b', outcome: 'failed', milliseconds: 0 },
  ]);
  expect(shown).toBe('pass  m/a (ran)\nfail  m/b (ran)\nb.go:1: broken\n');
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

const passed = { name: 't', outcome: 'passed', milliseconds: 3 } as const;
const skipped = { name: 's', outcome: 'skipped', milliseconds: 0, why: 'no gcc' } as const;

test('the summary shows what failed, why tests were skipped, and ends with the counts', () => {
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
    reports: [{ task: '@slipway/b:test', records: [passed, skipped, { ...skipped, name: 'u' }] }],
    minutes: 1,
    minuteLimit: 20,
  });
  expect(ok).toBe(false);
  expect(text).toContain('found x');
  expect(text).toMatch(/^types +1\.5 s of +1 min +1 run, 0 cached$/m);
  expect(text.match(/^skipped.*$/gm)).toEqual(['skipped    2: no gcc']);
  expect(text.split('\n').at(-1)).toBe('1 passed, 1 failed, 2 skipped');
});

describe('the last line counts as a failure', () => {
  const tasks = [{ ...task, id: '@slipway/b:test', ok: true }];
  const fine = {
    run: { ok: true, log: '', tasks },
    reports: [{ task: '@slipway/b:test', records: [passed] }],
    minutes: 1,
    minuteLimit: 20,
  };
  test.each([
    [
      'a task that is killed',
      { run: { ...fine.run, ok: false, tasks: [{ ...tasks[0]!, ok: false }] }, reports: [] },
      '0',
    ],
    ['a task whose tests passed, and that failed', { run: { ...fine.run, tasks: [{ ...tasks[0]!, ok: false }] } }, '1'],
    ['a task that writes no report', { reports: [] }, '0', '@slipway/b:test wrote no report of its tests'],
    [
      'a task of no suite',
      { run: { ...fine.run, tasks: [...tasks, { ...task, id: 'x:y', ok: true }] } },
      '1',
      'x:y belongs',
    ],
    ['too much time', { minutes: 21 }, '1', '21.0 minutes, the limit is 20'],
    ['nothing at all', { run: { ...fine.run, tasks: [] }, reports: [] }, '0', 'nothing was run'],
    ['Nx, when it fails', { run: { ok: false, log: 'NX exploded', tasks: [] }, reports: [] }, '0', 'NX exploded'],
  ])('%s', (_, change, passes, says = '') => {
    const { text, ok } = summarize({ ...fine, ...change });
    expect(ok).toBe(false);
    expect(text).toContain(says);
    expect(text.split('\n').at(-1)).toBe(`${passes} passed, 1 failed`);
  });

  test('CI reports a test that is skipped for a reason outside the table, and no other', () => {
    const skips = (why: string) =>
      summarize({
        ...fine,
        reports: [{ task: '@slipway/b:test', records: [passed, { ...skipped, why }] }],
        everyTest: true,
      });
    const strange = skips('there is no gcc: node hack/prepare-machine.ts');
    expect(strange.ok).toBe(false);
    expect(strange.text).toContain('error: s was skipped: there is no gcc');
    expect(skips('only root can make files of another user')).toMatchObject({ ok: true });
    expect(summarize({ ...fine, reports: [{ task: '@slipway/b:test', records: [passed, skipped] }] }).ok).toBe(true);
  });

  test('and nothing when all is well', () => {
    expect(summarize(fine)).toMatchObject({ ok: true, text: expect.stringMatching(/^1 passed, 0 failed$/m) });
  });
});
