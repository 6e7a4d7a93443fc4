import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteAction, RemoteExecution, RemoteResult } from '@slipway/adapters';
import { openIndex } from '@slipway/freshness';
import { type Environment, type Event, type EventOf, FailureError, type Tree } from '@slipway/model';
import { Repo, goCommand, localWorker } from '@slipway/testing/rigs';
import { expect, test } from 'vitest';
import { performPlan, planGoals } from './commands/build.ts';
import { clusterOf, openCluster } from './cluster.ts';
import { compose } from './compose.ts';
import { parseArguments } from './parse-arguments.ts';
import { factsOf, requestOf, treeOf } from './request.ts';
import type { Asking } from './services.ts';

/** Milliseconds. Go compiles for real, more than once. */
const LONG = 300_000;

const ONE = ['cross', 'WHAT=cmd/alpha', 'KUBE_BUILD_PLATFORMS=linux/arm64'];
const CROSS = ['cross', 'WHAT=cmd/alpha cmd/beta', 'KUBE_BUILD_PLATFORMS=linux/arm64 windows/amd64'];

/** Three commands that share a package, with an embedded file, a vendored module and a second module in the tree. */
function tree(): Repo {
  const main = (name: string): string =>
    `package main\n\nimport (\n\t"fmt"\n\t"example.org/remote/pkg/shared"\n)\n\nfunc main() { fmt.Println("${name}", shared.Text()) }\n`;
  const repo = new Repo('empty');
  // A path of this machine that contains the name of the workers' directory, as ~/.cache/slipway does.
  const goCache = join(repo.base, 'slipway/go-cache');
  mkdirSync(dirname(goCache));
  symlinkSync(repo.env['GOCACHE']!, goCache);
  const cluster = { endpoint: 'grpc://127.0.0.1:1', go: goCommand(), goCache, jobs: 4 };
  return repo
    .write({
      'go.mod': 'module example.org/remote\n\ngo 1.21\n',
      'cmd/alpha/main.go': main('alpha'),
      'cmd/beta/main.go': main('beta'),
      'cmd/gamma/main.go': main('gamma'),
      'pkg/shared/shared.go':
        'package shared\n\nimport _ "embed"\n\n//go:embed data/text.txt\nvar text string\n\nfunc Text() string { return text }\n',
      'pkg/shared/data/text.txt': 'hello\n',
      'pkg/unused/unused.go': 'package unused\n',
      'slipway.config.ts': `export default { remoteExecution: ${JSON.stringify(cluster)} };\n`,
    })
    .init('v1.0.0');
}

async function slipway(
  repo: Repo,
  argv: readonly string[],
  cluster: RemoteExecution,
  env: Environment = {},
  signal = new AbortController().signal,
) {
  const environment = { ...repo.env, ...env };
  const line = parseArguments(argv, environment);
  const { variables } = line;
  const services = {
    ...compose({
      environment,
      variables,
      cwd: repo.dir,
      signal,
      readOnly: false,
      conventionsOnly: false,
      progress() {},
    }),
    openCluster: async () => cluster,
  };
  const request = requestOf(line);
  let read: Promise<Tree> | undefined;
  const found = (): Promise<Tree> => (read ??= treeOf(request, services));
  const asking: Asking = {
    ...{ line, args: [], services, tree: found },
    again: () => asking,
    facts: async (words = [], packaging) =>
      factsOf({ ...request, words: [...request.words, ...words], packaging }, await found(), services),
  };
  const events: Event[] = [];
  const planned = await planGoals(asking);
  const failure = await performPlan(planned, asking, {
    emit: (event) => void events.push(event),
    [Symbol.dispose]() {},
  }).catch((error: unknown) => {
    if (error instanceof FailureError) return error.failures[0];
    throw error;
  });
  const of = <K extends Event['kind']>(kind: K) => events.filter((event): event is EventOf<K> => event.kind === kind);
  const notes = of('step-noted').map(({ note }) => note);
  return { plan: planned.plan, seal: services.seal, failure, notes, of };
}

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const made = (repo: Repo, os: string, name: string): string => digest(repo.path('_output/local/bin', os, name));

test(
  'commands of two platforms have the same bytes from a worker as from this machine, and a second run sends nothing',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const cluster = localWorker();
    const first = await slipway(repo, CROSS, cluster);
    expect(first.failure).toBeUndefined();
    expect(cluster.executed.length).toBe(4);
    const there = [made(repo, 'linux/arm64', 'alpha'), made(repo, 'windows/amd64', 'beta.exe')];
    const before = cluster.executed.length;
    expect((await slipway(repo, CROSS, cluster)).failure).toBeUndefined();
    expect(cluster.executed.length).toBe(before);
    const here = await slipway(repo, [...CROSS, '--remote', 'none', '-B'], cluster);
    expect(here.failure).toBeUndefined();
    expect([made(repo, 'linux/arm64', 'alpha'), made(repo, 'windows/amd64', 'beta.exe')]).toEqual(there);
    expect(cluster.executed.length).toBe(before);
  },
);

/** A cluster behind a proxy. */
const behind = (
  execute: (action: RemoteAction, run: () => Promise<RemoteResult>) => Promise<RemoteResult>,
  cluster = localWorker(),
): RemoteExecution & { readonly asked: RemoteAction[] } => {
  const asked: RemoteAction[] = [];
  return {
    ...cluster,
    asked,
    execute(action, watch) {
      asked.push(action);
      return execute(action, () => cluster.execute(action, watch));
    },
  };
};

const unreachable = new FailureError({
  code: 'REMOTE_UNREACHABLE',
  where: 'grpc://127.0.0.1:1',
  fact: 'connection refused',
});
const isFor = (action: RemoteAction, word: string): boolean => action.arguments.some((each) => each.endsWith(word));

test(
  'after a cluster does not answer, slipway stops asking it and builds everything here',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const cluster = behind(() => Promise.reject(unreachable));
    const { failure, notes } = await slipway(repo, [...CROSS, '--remote-jobs', '1'], cluster);
    expect(failure).toBeUndefined();
    expect(cluster.asked.length).toBe(1);
    expect(notes).toEqual([
      expect.stringContaining('done on this machine, as no cluster answers at grpc://127.0.0.1:1'),
    ]);
    expect(made(repo, 'linux/arm64', 'beta')).toMatch(/^[0-9a-f]{64}$/);
  },
);

test(
  'slipway builds a step here if no worker takes it in time, and the others on the cluster',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const late = new FailureError({ code: 'REMOTE_QUEUE', where: 'grpc://127.0.0.1:1', seconds: 1, platform: '' });
    const cluster = behind((action, run) => (isFor(action, 'cmd/beta') ? Promise.reject(late) : run()));
    const { failure, notes, of } = await slipway(repo, CROSS, cluster);
    expect(failure).toBeUndefined();
    expect([cluster.asked.length, notes.length, of('remote-executed').length]).toEqual([4, 2, 2]);
  },
);

test('a worker with another Go builds nothing and gets no more requests', { timeout: LONG }, async () => {
  await using repo = tree();
  const worker = localWorker();
  const other = behind((action) => {
    const path = 'slipway/toolchain.sha256';
    const from = Buffer.from(action.files.get(path)!.from.toString().replace(/^../, '00'));
    const files = new Map([...action.files, [path, { ...action.files.get(path)!, from }] as const]);
    return worker.execute({ ...action, files }, { signal: new AbortController().signal });
  });
  const { failure, notes } = await slipway(repo, [...CROSS, '--remote-jobs', '1'], other);
  expect(failure).toBeUndefined();
  expect(other.asked.length).toBe(1);
  expect(notes.join()).toContain('this worker has another Go');
});

test('a compiler error on a worker is the failure, and slipway does not retry here', { timeout: LONG }, async () => {
  await using repo = tree();
  repo.write({ 'cmd/beta/main.go': 'package main\n\nfunc main() { undefined() }\n' });
  const cluster = behind((_action, run) => run());
  const { failure, notes } = await slipway(repo, [...CROSS, '-k'], cluster);
  expect(failure).toMatchObject({ code: 'COMMAND_FAILED', first: expect.stringContaining('cmd/beta/main.go:3') });
  expect(notes).toEqual([]);
  expect(made(repo, 'linux/arm64', 'alpha')).toMatch(/^[0-9a-f]{64}$/);
});

test(
  'slipway retries all other errors here, so that no build fails because of a worker',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const strange = behind(async (_action, run) => ({
      ...(await run()),
      exitCode: 1,
      stderr: Buffer.from('go: cannot find main module\n'),
    }));
    const { failure, notes } = await slipway(repo, ONE, strange);
    expect(failure).toBeUndefined();
    expect(notes.join()).toContain('cannot find main module');
  },
);

test(
  'slipway builds here after a worker killed the compiler, has a directory in place of a program, or got a file that changed during its upload',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const killed = Buffer.from('# example.org/remote/pkg/shared\n/go/pkg/tool/linux_amd64/compile: signal: killed\n');
    const edited = new FailureError({ code: 'UNREADABLE', path: 'a.go', fact: 'it was changed' });
    const strange: Record<string, (run: () => Promise<RemoteResult>) => Promise<RemoteResult>> = {
      'cmd/alpha': async (run) => ({ ...(await run()), exitCode: 1, stderr: killed, outputs: new Map() }),
      'cmd/beta': async (run) => ({ ...(await run()), outputs: new Map(), directories: ['out'] }),
      'cmd/gamma': () => Promise.reject(edited),
    };
    const cluster = behind((action, run) => strange[Object.keys(strange).find((word) => isFor(action, word))!]!(run));
    const call = ['cross', 'WHAT=cmd/alpha cmd/beta cmd/gamma', 'KUBE_BUILD_PLATFORMS=linux/arm64'];
    const { failure, notes } = await slipway(repo, call, cluster);
    expect(failure).toBeUndefined();
    expect(notes.length).toBe(3);
    for (const why of ['compile: signal: killed', 'as a directory', 'it was changed'])
      expect(notes.join('\n')).toContain(why);
    for (const name of ['alpha', 'beta', 'gamma']) expect(made(repo, 'linux/arm64', name)).toMatch(/^[0-9a-f]{64}$/);
  },
);

test('with local jobs, this machine takes steps from the same queue', { timeout: LONG }, async () => {
  await using repo = tree();
  const { promise: here, resolve } = Promise.withResolvers<void>();
  const slow = behind(async (_action, run) => (await here, run()));
  const running = slipway(repo, [...CROSS, '--remote-jobs', '1', '--local-jobs', '1'], slow);
  setTimeout(resolve, 20_000);
  const { failure, of } = await running;
  expect(failure).toBeUndefined();
  expect(of('remote-executed').length).toBeLessThan(2);
  expect(
    of('step-finished').filter(({ step }) => step.kind === 'exec' && step.place === 'host').length,
  ).toBeGreaterThan(0);
});

test(
  "if the cluster's bytes differ from this machine's bytes, the compared share fails",
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const worker = localWorker();
    const { digest: other, size } = { digest: createHash('sha256').update('other').digest('hex'), size: 5 };
    worker.contents.set(other, Buffer.from('other'));
    const lying = behind(async (_action, run) => {
      const result = await run();
      return {
        ...result,
        outputs: new Map([...result.outputs].map(([path]) => [path, { digest: other, size, executable: true }])),
      };
    }, worker);
    const all = await slipway(repo, [...ONE, '--remote-verify', '100%'], lying);
    expect(all.failure).toMatchObject({ code: 'CLUSTER_DIFFERS', there: other });
    const none = await slipway(repo, [...ONE, '--remote-verify', '100%'], worker);
    expect(none.failure).toBeUndefined();
  },
);

test(
  'a release uses no result that others left on the cluster, and without the cluster no result from it',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const cluster = behind((_action, run) => run());
    // A release compiles everything it needs. This one needs little.
    repo.write({ 'cmd/alpha/main.go': 'package main\n\nfunc main() { println() }\n' });
    const call = [...ONE, '--profile', 'release'];
    expect((await slipway(repo, call, cluster)).failure).toBeUndefined();
    expect(
      cluster.asked.map(({ acceptCached, arguments: words }) => [
        acceptCached,
        words.some((word) => word === 'GOCACHE=cache'),
      ]),
    ).toEqual([[false, true]]);
    const again = await slipway(repo, call, cluster);
    expect([again.failure, cluster.asked.length]).toEqual([undefined, 1]);
    const { failure, of } = await slipway(repo, [...call, '--remote', 'none'], cluster);
    expect(failure).toBeUndefined();
    expect(of('step-finished').find(({ step }) => step.kind === 'exec')?.outcome.is).toBe('ran');
  },
);

test(
  'after one edit, the next action differs in one file, and slipway reads no other file of the tree',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const cluster = behind((_action, run) => run());
    await slipway(repo, ONE, cluster);
    // Slipway reads a file again if its time stamp is too close to the last read.
    await pause(100);
    const { seal } = await slipway(repo, ONE, cluster);
    const index = openIndex(repo.path('_output/local/.slipway/index'), { root: repo.dir, seal });
    repo.write({ 'cmd/alpha/main.go': repo.read('cmd/alpha/main.go').replace('"alpha"', '"edited"') });
    const { failure } = await slipway(repo, ONE, cluster);
    expect(failure).toBeUndefined();
    const [before, after] = cluster.asked.map(({ files }) => files);
    expect(
      [...after!].filter(([path, { digest: one }]) => before!.get(path)?.digest !== one).map(([path]) => path),
    ).toEqual(['slipway/tree/cmd/alpha/main.go']);
    expect([...after!.keys()].filter((path) => path.includes('unused') || path.endsWith('.ts'))).toEqual([]);
    const place = 'slipway/tree/';
    const inTree = [...after!.keys()].filter((path) => path.startsWith(place)).map((path) => path.slice(place.length));
    expect(inTree.length).toBeGreaterThan(3);
    for (const path of inTree) index.digest(repo.path(path));
    expect(index.reads).toBe(1);
  },
);

test(
  'the cluster builds neither profile make, whose bytes contain paths, nor cgo: slipway refuses the first and builds the second here',
  { timeout: LONG },
  async () => {
    await using repo = tree();
    const cluster = localWorker();
    await expect(slipway(repo, ['all', '--profile', 'make'], cluster)).rejects.toMatchObject({
      failures: [{ code: 'BAD_USAGE' }],
    });
    repo.write({
      'cmd/gamma/c.go': 'package main\n\n// int one(void) { return 1; }\nimport "C"\n\nvar one = C.one()\n',
    });
    const { plan, failure } = await slipway(repo, ['all', 'WHAT=cmd/alpha cmd/gamma', 'CGO_ENABLED=1'], cluster);
    expect([failure, cluster.executed.length]).toEqual([undefined, 0]);
    expect(plan.notes.map(({ why }) => why)).toContain('cgo reads the headers and libraries of this machine');
  },
);

/** A module in the form of Go's module cache; returns its lines of go.sum. */
function keptModule(cache: string, files: Readonly<Record<string, string>>): string {
  const h1 = (names: readonly (readonly [string, string])[]): string => {
    const lines = names.map(([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`);
    return `h1:${createHash('sha256').update(lines.sort().join('')).digest('base64')}`;
  };
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(cache, path)), { recursive: true });
    writeFileSync(join(cache, path), text);
  };
  for (const [name, text] of Object.entries(files)) put(`example.com/!dep@v1.0.0/${name}`, text);
  const sum = h1(Object.entries(files).map(([name, text]) => [`example.com/Dep@v1.0.0/${name}`, text]));
  put('cache/download/example.com/!dep/@v/v1.0.0.mod', files['go.mod']!);
  put('cache/download/example.com/!dep/@v/v1.0.0.ziphash', sum);
  const ofModule = h1([['go.mod', files['go.mod']!]]);
  return `example.com/Dep v1.0.0 ${sum}\nexample.com/Dep v1.0.0/go.mod ${ofModule}\n`;
}

test(
  'a worker gets everything that Go reads for modules of the cache, of a workspace and of vendor/',
  { timeout: LONG },
  async () => {
    await using cached = new Repo('empty');
    const sums = keptModule(cached.path('../modules'), {
      'go.mod': 'module example.com/Dep\n\ngo 1.21\n',
      'dep.go': 'package dep\n\nfunc Text() string { return "dep" }\n',
      'unused/unused.go': 'package unused\n',
    });
    cached
      .write({
        'go.mod': 'module example.org/cached\n\ngo 1.21\n\nrequire example.com/Dep v1.0.0\n',
        'go.sum': sums,
        'cmd/tool/main.go': 'package main\n\nimport dep "example.com/Dep"\n\nfunc main() { println(dep.Text()) }\n',
      })
      .init('v1.0.0');
    await using workspace = new Repo('workspace');
    workspace.init('v1.0.0');
    await using vendored = new Repo('vendored');
    vendored.init('v1.0.0');
    const remote = ['--remote', 'grpc://127.0.0.1:1'];
    for (const [repo, what] of [
      [cached, 'cmd/tool'],
      [workspace, undefined],
      [vendored, 'cmd/kubectl'],
    ] as const) {
      const call = ['cross', ...(what === undefined ? [] : [`WHAT=${what}`]), 'KUBE_BUILD_PLATFORMS=linux/arm64'];
      const cluster = localWorker();
      const env = {
        GOMODCACHE: cached.path('../modules'),
        SLIPWAY_REMOTE_EXECUTION_GO: goCommand(),
        SLIPWAY_REMOTE_EXECUTION_GOCACHE: repo.env['GOCACHE']!,
      };
      const there = await slipway(repo, [...call, ...remote], cluster, env);
      expect([there.failure, there.notes]).toEqual([undefined, []]);
      expect(cluster.executed.length).toBeGreaterThan(0);
      const files = there.plan.steps.flatMap((step) => (step.kind === 'copy' ? step.outputs : []));
      const before = files.map((file) => digest(repo.path(file)));
      expect((await slipway(repo, [...call, '-B'], cluster, env)).failure).toBeUndefined();
      expect(files.map((file) => digest(repo.path(file)))).toEqual(before);
    }
  },
);

test('a stopped run ends at once, keeps nothing unfinished, and starts nothing here', { timeout: LONG }, async () => {
  await using repo = tree();
  const stopped = new AbortController();
  const waiting = behind((_action, run) => {
    stopped.abort('SIGINT');
    return run();
  });
  const { failure, of } = await slipway(repo, CROSS, waiting, {}, stopped.signal);
  expect(failure).toMatchObject({ code: 'INTERRUPTED' });
  const built = of('step-finished').filter(({ step }) => step.kind === 'exec');
  expect(new Set(built.map(({ outcome }) => outcome.is))).toEqual(new Set(['skipped']));
  expect(of('step-noted')).toEqual([]);
});

test('the cluster and its cache come from the same source, and no token is sent unencrypted', async () => {
  const hostile = { remoteExecution: { endpoint: 'grpcs://tree:1', cache: 'grpc://evil.example:2' } };
  const remote = (url?: string) => ({ remote: { url, jobs: undefined, localJobs: 0, verify: 0 } });
  expect(clusterOf(remote(), hostile, {})?.cache).toBe('grpc://evil.example:2');
  expect(clusterOf(remote('grpcs://own:1'), hostile, {})?.cache).toBeUndefined();
  expect(clusterOf(remote(), hostile, { SLIPWAY_REMOTE_EXECUTION: 'grpcs://own:1' })?.cache).toBeUndefined();
  const environment = {
    SLIPWAY_REMOTE_EXECUTION_CACHE: 'grpc://cache.example:2',
    SLIPWAY_REMOTE_EXECUTION_HEADERS: 'authorization: Bearer x',
  };
  const cluster = clusterOf(remote('grpcs://own:1'), hostile, environment)!;
  await expect(openCluster(cluster, environment)).rejects.toThrow('in the clear to grpc://cache.example:2');
});

test('slipway builds an output here if its bytes do not match its digest', { timeout: LONG }, async () => {
  await using repo = tree();
  const wrong = new FailureError({ code: 'REMOTE_OUTPUT', path: 'out', fact: 'other bytes came', hint: '' });
  const cluster = { ...localWorker(), fetch: () => Promise.reject(wrong) };
  const { failure, notes } = await slipway(repo, ONE, cluster);
  expect(failure).toBeUndefined();
  expect(notes.join()).toContain('other bytes came');
  expect(made(repo, 'linux/arm64', 'alpha')).toMatch(/^[0-9a-f]{64}$/);
});
