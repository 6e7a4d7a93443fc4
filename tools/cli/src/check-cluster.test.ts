import { type FakeRun, type RemoteAction, fakeRemoteExecution } from '@slipway/adapters';
import { FailureError } from '@slipway/model';
import { describe, expect, test } from 'vitest';
import { type ClusterCheck, checkCluster } from './check-cluster.ts';

interface Worker {
  readonly variables?: string;
  readonly skew?: number;
  readonly go?: string;
}

/** Runs the three scripts as a worker with these properties would. */
const worker =
  ({ variables = 'PATH PWD', skew = 0, go = 'go version go1.26.8 linux/amd64\nhere\n' }: Worker = {}) =>
  ({ arguments: [, , script = ''], files }: RemoteAction): FakeRun => {
    const input = files.get('w/in')?.from;
    if (input !== undefined) return { outputs: { o: input } };
    if (script.includes('main.go'))
      return go === ''
        ? { exitCode: 127, stderr: 'sh: /usr/local/go/bin/go: not found\n' }
        : { stdout: go, outputs: { o: 'program' } };
    return { stdout: `Linux x86_64\n${Math.floor(Date.now() / 1000) + skew}\n${variables}`, outputs: { o: 'made' } };
  };

const check = async (remote: Parameters<typeof checkCluster>[0]['remote']): Promise<Record<string, ClusterCheck>> => {
  const checks = await checkCluster({
    remote,
    cluster: { properties: {}, go: '/usr/local/go/bin/go' },
    goHere: 'go1.26.8',
    signal: new AbortController().signal,
  });
  return Object.fromEntries(checks.map((each) => [each.what, each]));
};
const found = (properties: Worker) => check(fakeRemoteExecution(worker(properties)));

describe('a look at a cluster', () => {
  test('a correct cluster passes all checks', async () => {
    const checks = await found({});
    expect(Object.keys(checks)).toEqual([
      'capabilities',
      'action',
      'clock',
      'environment',
      'cache',
      'throughput',
      'go',
    ]);
    // Throughput depends on the machine's load.
    const { action: _, throughput: __, ...rest } = checks;
    expect(new Set(Object.values(rest).map(({ is }) => is))).toEqual(new Set(['ok']));
  });

  test.for([
    ['environment', { variables: 'HOME PATH SECRET' }, 'actions see HOME, SECRET of the worker'],
    ['clock', { skew: -3600 }, 'that of the worker is 3600 s behind'],
    ['go', { go: 'go version go1.25.0 linux/amd64\nhere\n' }, 'here builds go1.26.8'],
    ['go', { go: '' }, 'builds nothing there: sh: /usr/local/go/bin/go: not found'],
  ] as const)('%s: what is found is said, with a hint', async ([what, properties, says]) => {
    const checks = await found(properties);
    expect(checks[what]?.says).toContain(says);
    expect(checks[what]?.hint).toMatch(/./);
    expect(checks[what]?.is).not.toBe('ok');
  });

  test('a cluster that runs nothing or is unreachable fails, and slipway skips the other checks', async () => {
    const fake = fakeRemoteExecution(worker());
    const failure = new FailureError({ code: 'REMOTE_UNREACHABLE', where: 'grpc://nowhere', fact: 'no connection' });
    const silent = await check({ ...fake, capabilities: () => Promise.reject(failure) });
    expect(Object.keys(silent)).toEqual(['capabilities']);
    expect(silent['capabilities']).toMatchObject({ is: 'failed', says: expect.stringContaining('grpc://nowhere') });
    const refusing = await check({ ...fake, execute: () => Promise.reject(failure) });
    expect(Object.keys(refusing)).toEqual(['capabilities', 'action']);
  });

  test('a cluster that does not keep results gets a warning', async () => {
    const fake = fakeRemoteExecution(worker());
    const forgetful = {
      ...fake,
      execute: async (...args: Parameters<typeof fake.execute>) => ({
        ...(await fake.execute(...args)),
        cached: false,
      }),
    };
    expect((await check(forgetful))['cache']).toMatchObject({ is: 'warn', says: expect.stringContaining('not kept') });
  });
});
