import {
  fakeArchiveWriter,
  fakeSbomWriter,
  fakeCommandRunner,
  fakeImageWriter,
  fakeOutputFiles,
  fakeRegistry,
  type FakeProgram,
} from '@slipway/adapters';
import {
  type Action,
  type Event,
  type ExecStep,
  FailureError,
  type Freshness,
  type Status,
  type Plan,
  type Platform,
  type Step,
  type StepId,
} from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { runPlan, type RunOptions } from './run-plan.ts';

const GIB = 2 ** 30;

const exec = (id: string, more: Partial<ExecStep> = {}): ExecStep => ({
  kind: 'exec',
  place: 'host',
  id: id as StepId,
  title: id,
  needs: [],
  after: [],
  outputs: [],
  pool: 'go',
  argv: [id],
  cwd: '.',
  env: {},
  unset: [],
  scratch: undefined,
  memory: GIB,
  ...more,
});

const planOf = (...steps: Step[]): Plan => ({
  version: 1,
  flow: 'local',
  targets: ['all'],
  profile: 'dev',
  root: '/nowhere',
  gitVersion: '',
  environment: { PATH: '/bin', GOBIN: 'x' },
  places: { host: { name: 'host', root: '/nowhere', output: '/nowhere/out', go: '/go', environment: {} } },
  steps,
  notes: [],
});

/**
 * Programs that run until the test ends them (as in wireit's test rig), so that tests check the order without sleeping.
 */
function waitingPrograms() {
  const open = new Map<string, (result: { exit?: number }) => void>();
  const program: FakeProgram = (request) =>
    new Promise((resolve, reject) => {
      open.set(request.argv[0]!, (result) => resolve({ output: `${request.argv[0]} says`, exit: 0, ...result }));
      const { signal } = request;
      const stop = (): void => reject(new FailureError({ code: 'INTERRUPTED', signal: String(signal!.reason) }));
      signal?.addEventListener('abort', stop);
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    program,
    running: async () => (await settle(), await settle(), [...open.keys()].sort()),
    end: async (name: string, exit = 0) => {
      open.get(name)!({ exit });
      open.delete(name);
      await settle();
      await settle();
    },
  };
}

function rig(program: FakeProgram, more: Partial<RunOptions> = {}) {
  const events: Event[] = [];
  const runner = fakeCommandRunner(program);
  const files = fakeOutputFiles();
  const controller = new AbortController();
  const options: RunOptions = {
    runner,
    files,
    archives: fakeArchiveWriter(files),
    images: fakeImageWriter(files),
    sboms: fakeSbomWriter(files),
    registry: fakeRegistry(files),
    limits: { jobs: { go: 2, io: 2 }, availableMemory: () => 100 * GIB },
    keepGoing: false,
    emit: (event) => void events.push(event),
    signal: controller.signal,
    ...more,
  };
  const outcomes = () =>
    Object.fromEntries(
      events.flatMap((event) => (event.kind === 'step-finished' ? [[event.step.id, event.outcome.is]] : [])),
    );
  return { options, runner, events, controller, outcomes };
}

describe('order', () => {
  test('steps run together up to the limit of their pool, and after the steps they need', async () => {
    const programs = waitingPrograms();
    const { options } = rig(programs.program);
    const done = runPlan(planOf(exec('a'), exec('b'), exec('c'), exec('d', { needs: ['a' as StepId] })), options);
    expect(await programs.running()).toEqual(['a', 'b']);
    await programs.end('b');
    expect(await programs.running()).toEqual(['a', 'c']);
    await programs.end('a');
    expect(await programs.running()).toEqual(['c', 'd']);
    await programs.end('c');
    await programs.end('d');
    expect(await done).toEqual({ ok: true, failures: [] });
  });

  test('a step waits for free memory, but not if nothing else runs', async () => {
    const programs = waitingPrograms();
    const { options } = rig(programs.program, { limits: { jobs: { go: 4, io: 2 }, availableMemory: () => 2 * GIB } });
    const done = runPlan(planOf(exec('huge', { memory: 64 * GIB }), exec('small')), options);
    expect(await programs.running()).toEqual(['huge']);
    await programs.end('huge');
    expect(await programs.running()).toEqual(['small']);
    await programs.end('small');
    expect((await done).ok).toBe(true);
  });

  test('`after` waits for the end of a step in any case, `needs` for its success', async () => {
    const { options, outcomes } = rig((request) => ({ exit: request.argv[0] === 'a' ? 1 : 0 }), { keepGoing: true });
    await runPlan(
      planOf(
        exec('a'),
        exec('b', { after: ['a' as StepId] }),
        exec('c', { needs: ['a' as StepId] }),
        exec('d', { needs: ['c' as StepId] }),
      ),
      options,
    );
    expect(outcomes()).toEqual({ a: 'failed', b: 'ran', c: 'skipped', d: 'skipped' });
  });
});

describe('a step of Go that has only links left', () => {
  /** Two calls of Go, the second after the first. The test decides when the first has only links left. */
  const linking = (more: Partial<RunOptions> = {}, others: readonly Step[] = []) => {
    const programs = waitingPrograms();
    let onlyLinks = (): void => {};
    const freshness = {
      lookup: async ({ actions }) => actions!.map((each) => ({ action: each, is: 'stale', why: '' })),
      make: async ({ id }, statuses, run, onlyLinksLeft) => {
        if (id === 'a') onlyLinks = onlyLinksLeft!;
        const ran = await run(
          statuses.map((status) => status.action),
          [],
        );
        const is = ran.failure === undefined ? 'ran' : 'failed';
        return { ...ran, actions: statuses.map((status) => ({ ...status, is })) };
      },
    } as Partial<Freshness> as Freshness;
    const { options, outcomes, controller } = rig(programs.program, { freshness, ...more });
    const steps = [
      exec('a', { actions: [action('a')] }),
      exec('b', { actions: [action('b')], after: ['a' as StepId] }),
      exec('publish', { needs: ['a' as StepId], pool: 'io' }),
      ...others,
    ];
    return {
      ...programs,
      outcomes,
      controller,
      linksOnly: () => onlyLinks(),
      done: runPlan(planOf(...steps), options),
    };
  };

  test('lets the next call begin, and no step that needs it', async () => {
    const { running, linksOnly, end, done, outcomes } = linking();
    expect(await running()).toEqual(['a']);
    linksOnly();
    expect(await running()).toEqual(['a', 'b']);
    await end('b');
    expect(await running()).toEqual(['a']);
    await end('a');
    await end('publish');
    expect([(await done).ok, outcomes()]).toEqual([true, { a: 'ran', b: 'ran', publish: 'ran' }]);
  });

  test('runs alone if only one call may run at a time, or if memory is short', async () => {
    for (const [go, free] of [
      [1, 100],
      [2, 1],
    ] as const) {
      const limits = { jobs: { go, io: 2 }, availableMemory: () => free * GIB };
      const { running, linksOnly, end, done } = linking({ limits });
      expect(await running()).toEqual(['a']);
      linksOnly();
      expect(await running()).toEqual(['a']);
      await end('a');
      expect(await running()).toEqual(['b', 'publish']);
      await end('publish');
      await end('b');
      expect((await done).ok).toBe(true);
    }
  });

  test('delays a step that would disturb it, for example one that removes its container', async () => {
    const { running, linksOnly, end, done } = linking({}, [exec('remove', { after: ['a' as StepId], pool: 'io' })]);
    expect(await running()).toEqual(['a']);
    linksOnly();
    expect(await running()).toEqual(['a', 'b']);
    await end('a');
    expect(await running()).toEqual(['b', 'publish', 'remove']);
    for (const id of ['b', 'publish', 'remove']) await end(id);
    expect((await done).ok).toBe(true);
  });

  test('stops a step that began after a call beside it, too, when it fails', async () => {
    const limits = { jobs: { go: 3, io: 2 }, availableMemory: () => 100 * GIB };
    const third = exec('c', { actions: [action('c')], after: ['b' as StepId] });
    const { running, linksOnly, end, done, outcomes } = linking({ limits }, [third]);
    await running();
    linksOnly();
    await running();
    await end('b');
    expect(await running()).toEqual(['a', 'c']);
    await end('a', 1);
    expect((await done).failures).toMatchObject([{ code: 'COMMAND_FAILED', command: 'a' }]);
    expect(outcomes()).toEqual({ a: 'failed', b: 'ran', c: 'skipped', publish: 'skipped' });
  });

  test('stops the calls beside it when it fails', async () => {
    const { running, linksOnly, end, done, outcomes } = linking();
    await running();
    linksOnly();
    await running();
    await end('a', 1);
    const { failures } = await done;
    expect(failures).toMatchObject([{ code: 'COMMAND_FAILED', command: 'a' }]);
    expect(outcomes()).toEqual({ a: 'failed', b: 'skipped', publish: 'skipped' });
  });

  test('with -k stops nothing when it fails', async () => {
    const { running, linksOnly, end, done, outcomes } = linking({ keepGoing: true });
    await running();
    linksOnly();
    await running();
    await end('a', 1);
    expect(await running()).toEqual(['b']);
    await end('b');
    expect((await done).failures).toHaveLength(1);
    expect(outcomes()).toEqual({ a: 'failed', b: 'ran', publish: 'skipped' });
  });

  test('ends with the calls beside it on Ctrl-C', async () => {
    const { running, linksOnly, controller, done, outcomes } = linking();
    await running();
    linksOnly();
    await running();
    controller.abort('SIGINT');
    expect((await done).failures).toEqual([{ code: 'INTERRUPTED', signal: 'SIGINT' }]);
    expect(outcomes()).toEqual({ a: 'skipped', b: 'skipped', publish: 'skipped' });
  });
});

describe('failing', () => {
  test('a failure starts no new steps, lets running ones end, and keeps their complete output', async () => {
    const programs = waitingPrograms();
    const { options, outcomes, events } = rig(programs.program);
    const done = runPlan(planOf(exec('a'), exec('b'), exec('c')), options);
    await programs.running();
    await programs.end('a', 2);
    expect(await programs.running()).toEqual(['b']);
    await programs.end('b');
    expect(await done).toMatchObject({ ok: false, failures: [{ code: 'COMMAND_FAILED', command: 'a', exit: 2 }] });
    expect(outcomes()).toEqual({ a: 'failed', b: 'ran', c: 'skipped' });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'step-finished',
        output: 'a says',
        failure: expect.objectContaining({ code: 'COMMAND_FAILED' }),
      }),
    );
  });

  test.each([
    ['go: inconsistent vendoring in /src:', 'VENDOR_MISSING'],
    ['write /tmp/x: no space left on device', 'DISK_FULL'],
    ['go: errors parsing go.mod:\ngo.mod:3: unknown directive: foo', 'BAD_GO_MOD'],
    ['open /out/kubectl: permission denied', 'NOT_WRITABLE'],
    ['mkdir /out/tmp: read-only file system', 'NOT_WRITABLE'],
    ['build output "/out/kubectl" already exists and is a directory', 'NOT_WRITABLE'],
    ['main.go:3:2: missing go.sum entry for module providing package a.example/b', 'BAD_GO_MOD'],
    ['open cmd/a/a.go: permission denied', 'COMMAND_FAILED'],
    ['./main.go:3:1: syntax error', 'COMMAND_FAILED'],
  ])('%s is %s', async (output, code) => {
    const { options } = rig(() => ({ exit: 1, output }));
    expect((await runPlan(planOf(exec('a')), options)).failures).toMatchObject([{ code }]);
  });

  test('any error that is not a failure is a bug and is thrown', async () => {
    const { options } = rig(() => {
      throw new TypeError('oops');
    });
    await expect(runPlan(planOf(exec('a')), options)).rejects.toThrow('oops');
  });

  test('a signal ends the run with its own failure, and starts nothing new', async () => {
    const { options, outcomes, controller } = rig((request) => {
      if (request.argv[0] !== 'a') return {};
      controller.abort('SIGINT');
      throw new FailureError({ code: 'INTERRUPTED', signal: 'SIGINT' });
    });
    const result = await runPlan(planOf(exec('a'), exec('b', { needs: ['a' as StepId] })), options);
    expect(result).toEqual({ ok: false, failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
    expect(outcomes()).toEqual({ a: 'skipped', b: 'skipped' });
  });
});

test("a program sees the plan’s environment and its step's variables, without the variables that the step unsets", async () => {
  const { options, runner } = rig(() => ({}));
  await runPlan(planOf(exec('a', { env: { GOOS: 'linux' }, unset: ['GOBIN'] })), options);
  expect(runner.requests[0]).toMatchObject({ cwd: '/nowhere', env: { PATH: '/bin', GOOS: 'linux' } });
});

test('a correct link and an identical copy are fresh', async () => {
  const { options, outcomes } = rig(() => ({}));
  const files = fakeOutputFiles({ '/nowhere/go/bin/x': 'bytes' });
  const base = { needs: [], after: [], outputs: [], pool: 'io' as const, title: '' };
  const plan = planOf(
    { ...base, kind: 'copy', id: 'copy' as StepId, files: [{ from: 'go/bin/x', to: 'bin/x' }] },
    { ...base, kind: 'symlink', id: 'link' as StepId, link: 'link', target: '/nowhere/bin' },
  );
  await runPlan(plan, { ...options, files });
  expect(outcomes()).toEqual({ copy: 'ran', link: 'ran' });
  await runPlan(plan, { ...options, files });
  expect(outcomes()).toEqual({ copy: 'fresh', link: 'fresh' });
});

const action = (name: string, more: Partial<Action> = {}): Action => ({
  ...{ id: name, name, words: [`m/${name}`], inputs: [], settings: {}, outputs: [`${name}.out`], hasResult: false },
  cache: { is: 'tree', why: '' },
  ...more,
});

describe('a step with actions', () => {
  const told = async (is: Status['is'], because: string) => {
    const asked: string[] = [];
    const freshness = {
      lookup: async ({ id, actions }) => (
        asked.push(`look up ${id}`),
        actions!.map((each) => ({ action: each, is, why: because }))
      ),
      make: async ({ id }, statuses, run) => {
        asked.push(`make ${id}`);
        const { output } = await run(
          statuses.map((status) => status.action),
          [],
        );
        return { output, actions: statuses.map((status) => ({ ...status, is: 'ran', why: `${status.why}, made` })) };
      },
    } as Partial<Freshness> as Freshness;
    const { options, events } = rig(() => ({ exit: 0 }), { freshness });
    await runPlan(planOf(exec('a', { actions: [action('a')] })), options);
    const outcome = events.flatMap((event) => (event.kind === 'step-finished' ? [event.outcome] : []))[0];
    return { asked, outcome };
  };

  test('is left out if nothing changed', async () => {
    expect(await told('fresh', 'same')).toEqual({ asked: ['look up a'], outcome: { is: 'fresh', why: 'same' } });
  });

  test('runs if it is stale, and reports the reason', async () => {
    const outcome = { is: 'ran', why: 'x changed, made' };
    expect(await told('stale', 'x changed')).toEqual({ asked: ['look up a', 'make a'], outcome });
  });
});

describe('one call for several actions', () => {
  const build = { platform: 'linux/amd64' as Platform, cgo: false, compiler: undefined, cxxCompiler: undefined };
  const closure = { kind: 'go-closure', test: false, build: { ...build, flags: [], goVersion: '1.21.7' } } as const;
  const actions = ['a', 'b', 'c'].map((name) => action(name, { inputs: [{ ...closure, importPath: `m/${name}` }] }));

  /** The first action is fresh. Records the words of the call. */
  const called = async (program: FakeProgram, files = fakeOutputFiles()) => {
    let passed: readonly string[] = [];
    const freshness = {
      lookup: async () => actions.map((each, i) => ({ action: each, is: i === 0 ? 'fresh' : 'stale', why: 'why' })),
      make: async (_step, statuses, run) => {
        const stale = statuses.filter(({ is }) => is === 'stale').map((status) => status.action);
        const ran = await run(stale, ['-debug-actiongraph=x']);
        passed = ran.passed.map(({ name }) => name);
        const told = statuses.map((status) => ({ ...status, is: 'ran' as const }));
        return { output: ran.output, actions: told, failure: ran.failure };
      },
    } as Partial<Freshness> as Freshness;
    const { options, runner, outcomes } = rig(program, { freshness, files });
    const step = exec('go', { argv: ['go', 'build', '-o', 'x'], actions, outputs: ['a.out', 'b.out', 'c.out'] });
    const result = await runPlan(planOf(step), options);
    return { result, passed, argv: runner.requests[0]!.argv, outcomes: outcomes() };
  };

  test('runs for the stale ones, with the flags after the subcommand', async () => {
    const { argv, passed } = await called(() => ({ exit: 0 }));
    expect(argv).toEqual(['go', 'build', '-debug-actiongraph=x', '-o', 'x', 'm/b', 'm/c']);
    expect(passed).toEqual(['b', 'c']);
  });

  test('reports nothing if it is stopped, because it may have left half a file', async () => {
    const controller = new AbortController();
    let recorded = false;
    const freshness = {
      lookup: async () => actions.map((each) => ({ action: each, is: 'stale', why: 'why' })),
      make: async (_step, statuses, run) => {
        await run(
          statuses.map((status) => status.action),
          [],
        );
        recorded = true;
        return { output: '', actions: [] };
      },
    } as Partial<Freshness> as Freshness;
    const { options, outcomes } = rig(() => (controller.abort('SIGINT'), { exit: 1 }), {
      freshness,
      signal: controller.signal,
    });
    const result = await runPlan(planOf(exec('go', { actions })), options);
    expect(result.failures).toEqual([{ code: 'INTERRUPTED', signal: 'SIGINT' }]);
    expect([recorded, outcomes()]).toEqual([false, { go: 'skipped' }]);
  });

  test('keeps the output of a step that fails in another way', async () => {
    const generate = {
      equal: [],
      copies: [],
      files: [],
      gofmt: undefined,
      argv: ['x'],
      cwd: '.',
      env: {},
      unset: [],
      scratch: 's',
    };
    const base = {
      kind: 'generate',
      id: 'g' as StepId,
      title: 'g',
      needs: [],
      after: [],
      outputs: [],
      pool: 'go',
    } as const;
    const freshness = {
      lookup: async () => [{ action: actions[0]!, is: 'stale', why: 'why' }],
      make: async (_step, _statuses, run) => ({ ...(await run([actions[0]!], [])), actions: [] }),
    } as Partial<Freshness> as Freshness;
    const { options, events } = rig(() => ({ exit: 1, output: 'no such type' }), { freshness });
    await runPlan(planOf({ ...base, ...generate, actions: [actions[0]!] }), options);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'step-finished', output: 'no such type' }));
  });

  test('reports after a failure which of them passed: those whose files it wrote', async () => {
    const files = fakeOutputFiles({ '/nowhere/b.out': 'old', '/nowhere/c.out': 'old' });
    const { passed, result, outcomes } = await called(() => {
      files.entries.set('/nowhere/c.out', { text: 'new' });
      return { exit: 1 };
    }, files);
    expect(passed).toEqual(['c']);
    expect(result).toMatchObject({ ok: false, failures: [{ code: 'COMMAND_FAILED' }] });
    expect(outcomes).toEqual({ go: 'failed' });
  });
});
