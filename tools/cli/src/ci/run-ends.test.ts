import type { Event, ExecStep, Outcome, Plan, StepId } from '@slipway/model';
import { expect, test } from 'vitest';
import { reporterOf, type Handlers } from '../report/reporter.ts';
import { TestRun } from '../tests/test-run.ts';
import { formatBuilds } from './build-junit.ts';
import { RunEnds, type StepEnd } from './run-ends.ts';
import { formatJobSummary } from './summary.ts';

const plan = { targets: ['all'], gitVersion: 'v1.2.3', profile: 'dev', steps: [] } as unknown as Plan;
const step = (title: string, more: Partial<ExecStep> = {}): ExecStep => ({
  ...{ kind: 'exec', id: title as StepId, title, needs: [], after: [], outputs: [], pool: 'go' },
  ...{ place: 'local' as ExecStep['place'], argv: [], cwd: '.', env: {}, unset: [], scratch: undefined, memory: 0 },
  ...more,
});
const end = (title: string, outcome: Outcome, output = '', more: Partial<ExecStep> = {}): StepEnd => ({
  kind: 'step-finished',
  step: step(title, more),
  ...{ outcome, output, milliseconds: 1500, at: 0 },
});
const silent = reporterOf(new Proxy({}, { get: () => () => {} }) as Handlers);

function ran(...events: readonly Event[]): RunEnds {
  const run = new RunEnds();
  const reporter = run.watching(silent);
  for (const event of events) reporter.emit(event);
  return run;
}

const parts = [
  { name: 'a', is: 'failed', why: 'it does not compile' },
  { name: 'b', is: 'restored', why: 'from the store' },
] as const;
const build = end('build a, b', { is: 'failed', why: 'Go says no', parts }, 'cmd/a/a.go:3:2: undefined: <x>\n');
const over: Event = { kind: 'run-finished', ok: false, interrupted: false, milliseconds: 3000, at: 0 };

test('a build is a suite with a case for each command, and a failed case has the output', () => {
  const xml = formatBuilds(ran(build).built, { timestamp: '2026-11-29T01:00:00.000Z', go: 'go1.21.7 linux/amd64' });
  expect(xml).toContain('<testsuites tests="2" failures="1"');
  expect(xml).toContain('name="build a, b"');
  expect(xml).toMatch(/<testcase classname="build a, b" name="a"[^>]*>\n.*undefined: &lt;x&gt;<\/failure>/);
  expect(xml).toContain('<testcase classname="build a, b" name="b" time="0.000000"></testcase>');
});

test('tests and scripts are not listed among builds', () => {
  const told = ran(
    end('test', { is: 'ran', why: '' }, '', { tests: {} }),
    end('verify gofmt', { is: 'ran', why: '' }, '', { check: { name: 'gofmt' } as ExecStep['check'] & object }),
    build,
  );
  expect(told.built).toEqual([build]);
});

test('the summary of a job shows how the run ended, each failure with its output, and the slowest steps', () => {
  const summary = formatJobSummary(ran(build, end('pack', { is: 'ran', why: '' }), over), new TestRun(), plan);
  expect(summary).toContain('### slipway all v1.2.3 (profile dev)\n');
  expect(summary).toContain('❌ failed in 3.0s: 1 ran, 1 failed');
  expect(summary).toContain('```text\ncmd/a/a.go:3:2: undefined: <x>\n```');
  expect(summary).toContain('| build a, b | 1.5s |');
});

test('no program output and no name adds markup to the summary', () => {
  const evil = end('`x` <b> | @team #1 [a](b)', { is: 'failed', why: '' }, 'one\n```\n# two\n````\n</details>');
  const summary = formatJobSummary(ran(evil, over), new TestRun(), plan);
  expect(summary).toContain('<summary>failed: &#96;x&#96; &lt;b> &#124; &#64;team &#35;1 &#91;a&#93;(b)</summary>');
  expect(summary).toContain('`````text\none\n```\n# two\n````\n</details>\n`````');
});
