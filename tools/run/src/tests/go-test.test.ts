import { expect, test } from 'vitest';
import { type CommandResult, type TestObserver, fakeCommandRunner, fakeOutputFiles } from '@slipway/adapters';
import { type Action, type Event, type ExecStep, FailureError, HOLES, type Plan, type StepId } from '@slipway/model';
import type { Performing } from '../perform/performing.ts';
import { runGoTest } from './go-test.ts';

const action = (name: string): Action => ({
  ...{ id: name, name, words: [name], inputs: [{ kind: 'observed' }], settings: {}, outputs: [], hasResult: true },
  cache: { is: 'shared', why: '' },
});
const actions = ['m/a', 'm/b'].map(action);

const step: ExecStep = {
  ...{ kind: 'exec', place: 'host', id: 'test:.' as StepId, title: 'test', needs: [], after: [], outputs: [] },
  ...{ pool: 'go', argv: [HOLES.go, 'test'], last: ['-short'], cwd: HOLES.root, env: {}, unset: [], scratch: 'tmp' },
  ...{ memory: 0, actions, tests: { 'm/a': 'a', 'm/b': '.' } },
};

const seen = { files: ['/src/a/in'], listings: [], variables: [] };

/** Observes the first package. */
const observer: TestObserver = {
  open: async () => ({
    flags: ['-exec=/run-test'],
    missed: () => ['LANG'],
    read: async () => new Map([['/src/a', seen]]),
    profiles: async () => new Map([['/src/a', '/tmp/profile']]),
    [Symbol.asyncDispose]: async () => {},
  }),
};

const event = (Package: string, Action: string, more: object = {}): string =>
  JSON.stringify({ Package, Action, Elapsed: 1, ...more });

async function run(
  lines: readonly string[],
  result: Partial<CommandResult> = {},
  {
    signal = new AbortController().signal,
    tested = actions,
    later = [] as readonly string[],
    attempts = 1,
    stop = undefined as AbortController | undefined,
  } = {},
) {
  const files = fakeOutputFiles();
  files.entries.set('/tmp/profile', { text: 'mode: set\n' });
  files.entries.set('/src/out/a', { text: 'of the run before' });
  files.entries.set('/src/out/b', { text: 'of the run before' });
  const events: Event[] = [];
  let calls = 0;
  const runner = fakeCommandRunner(() => {
    calls += 1;
    return calls === 1 ? { exit: 0, stdout: lines.join('\n'), ...result } : { exit: 0, stdout: later.join('\n') };
  });
  const host = { name: 'host', root: '/src', output: '/src/_output', go: '/go/bin/go', environment: {} } as const;
  const plan = { root: '/src', environment: {}, places: { host } } as unknown as Plan;
  const performing = {
    plan,
    runner,
    observer,
    files,
    signal,
    emit: (each: Event) => {
      events.push(each);
      stop?.abort();
    },
  } as unknown as Performing;
  const ran = await runGoTest({ ...step, attempts }, { actions: tested, flags: [] }, performing);
  return {
    ran,
    events,
    argv: runner.requests[0]?.argv,
    calls: runner.requests.map(({ argv }) => argv.slice(4).join(' ')),
    entries: files.entries,
  };
}

test('all packages are in one observed call that prints events', async () => {
  const { argv, events } = await run([event('m/a', 'pass'), event('m/b', 'pass')]);
  expect(argv).toEqual(['/go/bin/go', 'test', '-json', '-exec=/run-test', 'm/a', 'm/b', '-short']);
  expect(events.map((each) => (each.kind === 'package-tested' ? `${each.is} ${each.dir}` : each.kind))).toEqual([
    ...['package-testing', 'ran a', 'package-testing'],
    'ran .',
    'step-noted',
  ]);
  expect(events.at(-1)).toMatchObject({ note: expect.stringContaining('SLIPWAY_TEST_ENVIRONMENT="LANG"') });
});

test('a package whose test binary another process started has unknown reads', async () => {
  const { ran } = await run([event('m/a', 'pass'), event('m/b', 'pass')]);
  expect(ran.passed).toEqual(actions);
  expect([...ran.observed!.values()]).toEqual([seen, { unknown: expect.stringContaining('not started by us') }]);
});

test('a package without test files reads nothing', async () => {
  const { ran } = await run([event('m/a', 'pass'), event('m/b', 'skip')]);
  expect(ran.observed!.get(actions[1]!)).toEqual({ files: [], listings: [], variables: [] });
});

test('a package passes regardless of the others', async () => {
  const { ran } = await run([event('m/a', 'pass'), event('m/b', 'fail', { Test: 'TestX' }), event('m/b', 'fail')], {
    exit: 1,
  });
  expect(ran.passed).toEqual([actions[0]]);
  expect(ran.failure).toMatchObject({
    failures: [{ code: 'TESTS_FAILED', packages: [{ name: 'm/b', tests: ['TestX'] }], among: 2 }],
  });
});

test("a package that Go does not mention did not pass, and Go's message is the failure", async () => {
  const { ran } = await run([], { exit: 1, stderr: 'go: errors parsing go.mod:\ngo.mod:3: unknown directive: x\n' });
  expect(ran.passed).toEqual([]);
  expect(ran.failure).toBeInstanceOf(FailureError);
  expect(ran.failure!.failures[0]).toMatchObject({ code: 'BAD_GO_MOD' });
});

test('the coverage profile of a package is its output, and a package without one is not kept and leaves no old profile', async () => {
  const tested = actions.map((each) => ({ ...each, outputs: [`out/${each.name.slice(2)}`] }));
  const { ran, entries } = await run([event('m/a', 'pass'), event('m/b', 'pass')], {}, { tested });
  expect(entries.get('/src/out/a')).toMatchObject({ text: 'mode: set\n' });
  expect(entries.has('/src/out/b')).toBe(false);
  expect([...ran.observed!.values()]).toEqual([seen, { unknown: 'it left no coverage profile' }]);
});

test('a failing package runs again alone up to the limit, and if it passes it is flaky and not kept', async () => {
  const first = [event('m/a', 'pass'), event('m/b', 'fail', { Test: 'TestX' }), event('m/b', 'fail')];
  const later = [event('m/b', 'pass', { Test: 'TestX' }), event('m/b', 'pass')];
  const { ran, calls, events } = await run(first, { exit: 1 }, { later, attempts: 3 });
  expect(calls).toEqual(['m/a m/b -short', 'm/b -short']);
  expect(ran.failure).toBeUndefined();
  expect(ran.observed!.get(actions[1]!)).toEqual({ unknown: 'its tests failed before they passed (TestX)' });
  expect(events.flatMap((each) => (each.kind === 'package-tested' ? [each.result.is] : []))).toEqual([
    'pass',
    'fail',
    'flaky',
  ]);
  const broken = [
    event('m/a', 'pass'),
    event('m/b', 'output', { Output: 'FAIL\tm/b [build failed]\n' }),
    event('m/b', 'fail'),
  ];
  expect((await run(broken, { exit: 1 }, { later, attempts: 3 })).calls).toHaveLength(1);
  const { calls: once } = await run(first, { exit: 1 }, { later });
  expect(once).toHaveLength(1);
});

test('a package that is stopped did not fail, and is not reported', async () => {
  const stop = new AbortController();
  const { ran, events } = await run(
    [event('m/a', 'pass'), event('m/b', 'fail')],
    { exit: 1 },
    { stop, signal: stop.signal },
  );
  expect(ran.passed).toEqual([actions[0]]);
  expect(events.flatMap((each) => (each.kind === 'package-tested' ? [each.result.importPath] : []))).toEqual(['m/a']);
});
