import { hash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoteAction, RemoteExecution, RemoteInput, RemoteResult } from '@slipway/adapters';
import { type Cluster, FailureError, failureHint, failureMessage } from '@slipway/model';

/** One check of a cluster. */
export interface ClusterCheck {
  readonly what: string;
  /** `warn`: it works, with a remark. */
  readonly is: 'ok' | 'warn' | 'failed';
  readonly says: string;
  readonly hint?: string;
}

export interface CheckedCluster {
  readonly remote: RemoteExecution;
  readonly cluster: Pick<Cluster, 'properties' | 'go'>;
  /** This machine's Go, `go1.26.8`; undefined without a tree. */
  readonly goHere: string | undefined;
  readonly signal: AbortSignal;
}

/** With a larger difference, time stamps of results and certificates go wrong. */
const SKEW = 30_000;
const SLOW_ACTION = 2000;
const SLOW_LINE = 10e6;
const SAMPLE = 8_000_000;

/**
 * Checks one executor: its capabilities, and its results for three small actions. It stops at the first failure that
 * makes the rest pointless.
 */
export async function checkCluster(checked: CheckedCluster): Promise<ClusterCheck[]> {
  const checks: ClusterCheck[] = [];
  for (const { what, look, decides } of looks) {
    try {
      checks.push(...(await look(checked)));
    } catch (error) {
      if (!(error instanceof FailureError) || checked.signal.aborted) throw error;
      const [failure] = error.failures;
      checks.push({ what, is: 'failed', says: failureMessage(failure!), hint: failureHint(failure!) });
      if (decides) break;
    }
  }
  return checks;
}

interface Look {
  readonly what: string;
  look(checked: CheckedCluster): Promise<ClusterCheck[]>;
  /** If it fails, the other checks are skipped. */
  readonly decides: boolean;
}

const looks: readonly Look[] = [
  { what: 'capabilities', look: capabilities, decides: true },
  { what: 'action', look: trivialAction, decides: true },
  { what: 'cache', look: cachedAction, decides: false },
  { what: 'throughput', look: throughput, decides: false },
  { what: 'go', look: goAction, decides: false },
];

async function capabilities({ remote }: CheckedCluster): Promise<ClusterCheck[]> {
  const { digestFunction, maxBatchBytes, execution, updateActionCache } = await remote.capabilities();
  const says = `${digestFunction}, ${Math.round(maxBatchBytes / 1024)} KiB a batch, results of our own: ${updateActionCache ? 'may be written' : 'not taken'}`;
  return [
    execution
      ? { what: 'capabilities', is: 'ok', says }
      : { what: 'capabilities', is: 'failed', says: `${says}; it runs nothing`, hint: 'name a server that executes' },
  ];
}

/** Variables that a shell sets itself. */
const shellsOwn = new Set(['PATH', 'PWD', 'OLDPWD', 'SHLVL', '_']);

async function trivialAction(checked: CheckedCluster): Promise<ClusterCheck[]> {
  const script = 'uname -sm; date +%s; env | cut -d= -f1 | sort -u | tr "\\n" " "; echo made > o';
  const before = Date.now();
  const result = await run(checked, script);
  const after = Date.now();
  const [system = '', seconds = '', variables = ''] = String(result.stdout).split('\n');
  const took = after - before;
  const { queued, fetched, executed, uploaded } = result.times;
  const parts = `queue ${ms(queued)}, inputs ${ms(fetched)}, program ${ms(executed)}, outputs ${ms(uploaded)}`;
  const late = took > SLOW_ACTION;
  const worker = result.worker === undefined ? '' : ` by ${result.worker}`;
  const skew = Number(seconds) * 1000 + 500 - (before + after) / 2;
  const leaked = variables.split(' ').filter((name) => name !== '' && !shellsOwn.has(name));
  return [
    {
      ...{ what: 'action', is: late ? 'warn' : 'ok', says: `${system}${worker}: ${ms(took)} in all; ${parts}` },
      ...(late
        ? { hint: 'start more workers, or ask for shorter intervals of its scheduler: each action takes so long' }
        : {}),
    },
    {
      ...{ what: 'clock', is: Math.abs(skew) > SKEW ? 'warn' : 'ok' },
      says: `that of the worker is ${Math.abs(skew) < 1000 + took ? 'ours' : `${(Math.abs(skew) / 1000).toFixed(0)} s ${skew > 0 ? 'ahead' : 'behind'}`}`,
      ...(Math.abs(skew) > SKEW ? { hint: 'have the worker keep its time (chrony, systemd-timesyncd)' } : {}),
    },
    leaked.length === 0
      ? { what: 'environment', is: 'ok', says: 'actions see what they are given and no more' }
      : {
          ...{ what: 'environment', is: 'warn', says: `actions see ${leaked.join(', ')} of the worker` },
          hint: 'start workers with `env -i`, or with a runner that makes a sandbox (bubblewrap)',
        },
  ];
}

async function cachedAction(checked: CheckedCluster): Promise<ClusterCheck[]> {
  const action = actionOf(checked, 'echo kept > o');
  await checked.remote.execute(action, checked);
  const times: number[] = [];
  let cached = true;
  for (let i = 0; i < 3; i++) {
    const before = performance.now();
    cached &&= (await checked.remote.execute(action, checked)).cached;
    times.push(performance.now() - before);
  }
  const median = times.sort((a, b) => a - b)[1]!;
  return [
    cached
      ? { what: 'cache', is: 'ok', says: `a known result in ${ms(median)}` }
      : {
          ...{ what: 'cache', is: 'warn', says: 'results are not kept: each action runs again' },
          hint: 'give it an action cache, or the right to write there',
        },
  ];
}

async function throughput(checked: CheckedCluster): Promise<ClusterCheck[]> {
  const { remote } = checked;
  const bytes = randomBytes(SAMPLE);
  const input: RemoteInput = { from: bytes, digest: hash('sha256', bytes), size: SAMPLE, executable: false };
  const place = await mkdtemp(join(tmpdir(), 'slipway-check-'));
  try {
    let [began, sent] = [0, 0];
    const watch = {
      signal: checked.signal,
      stage(stage: string): void {
        if (stage === 'upload') began = performance.now();
        else if (stage !== 'cache') sent ||= performance.now();
      },
    };
    const { outputs } = await remote.execute(actionOf(checked, 'cat in > o', new Map([['w/in', input]])), watch);
    const before = performance.now();
    await remote.fetch(outputs.get('o')!, join(place, 'o'));
    const down = (SAMPLE / (performance.now() - before)) * 1000;
    // If the server reports no stages, the measured time includes the action.
    const up = (SAMPLE / Math.max(1, (sent || before) - began)) * 1000;
    const slow = Math.min(up, down) < SLOW_LINE;
    return [
      {
        ...{ what: 'throughput', is: slow ? 'warn' : 'ok' },
        says: `${Math.round(up / 1e6)} MB/s there, ${Math.round(down / 1e6)} MB/s back`,
        ...(slow
          ? { hint: 'a first build sends all sources and fetches all binaries; --remote-jobs 2 asks for less at once' }
          : {}),
      },
    ];
  } finally {
    await rm(place, { recursive: true });
  }
}

const program = 'package main\n\nfunc main() { println("here") }\n';

async function goAction(checked: CheckedCluster): Promise<ClusterCheck[]> {
  const { go } = checked.cluster;
  const script = `export HOME="$PWD" GOCACHE="$PWD/.cache" && "$GO" version && "$GO" build -trimpath -o o main.go && ./o 2>&1`;
  const text = Buffer.from(program);
  const input: RemoteInput = { from: text, digest: hash('sha256', text), size: text.length, executable: false };
  const environment = { GO: go, GO111MODULE: 'off', GOTOOLCHAIN: 'local', GOPROXY: 'off', CGO_ENABLED: '0' };
  const before = performance.now();
  const result = await run(checked, script, new Map([['w/main.go', input]]), environment);
  const took = performance.now() - before;
  const said = String(result.stdout).split('\n')[0]!;
  if (result.exitCode !== 0) {
    const why = `${result.stderr}${result.stdout}`.trim().split('\n')[0] ?? '';
    return [
      {
        ...{ what: 'go', is: 'failed', says: `${go} builds nothing there: ${why}` },
        hint: 'install Go on the workers and name it in remoteExecution.go; in a sandbox its directory must be mounted',
      },
    ];
  }
  const there = /go version (\S+)/.exec(said)?.[1];
  const differs = checked.goHere !== undefined && there !== checked.goHere;
  return [
    {
      ...{
        what: 'go',
        is: differs ? 'warn' : 'ok',
        says: `${said}: a program in ${ms(took)}${differs ? `; here builds ${checked.goHere}` : ''}`,
      },
      ...(differs ? { hint: 'steps are done here until both are the same: remoteExecution.go, or GO_VERSION' } : {}),
    },
  ];
}

const run = (
  checked: CheckedCluster,
  script: string,
  files?: RemoteAction['files'],
  environment?: RemoteAction['environment'],
): Promise<RemoteResult> => checked.remote.execute(actionOf(checked, script, files, environment), checked);

/**
 * In a directory of its own, because a sandbox's root also contains /usr and /bin. The action is unique, so it is not
 * cached.
 */
function actionOf(
  { cluster }: CheckedCluster,
  script: string,
  files: RemoteAction['files'] = new Map(),
  environment: RemoteAction['environment'] = {},
): RemoteAction {
  return {
    ...{ files, links: new Map(), directories: [], workingDirectory: 'w' },
    arguments: ['/bin/sh', '-c', script],
    environment: { PATH: '/usr/bin:/bin', ...environment },
    outputPaths: ['o'],
    platform: cluster.properties,
    salt: randomUUID(),
    timeoutSeconds: 600,
    acceptCached: true,
  };
}

const ms = (milliseconds: number): string =>
  milliseconds < 10_000
    ? `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
