import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCasdCluster, whyNoCasd } from '../src/cluster/casd-cluster.ts';
import { unless } from '../src/machine-programs.ts';
import { Repo } from '../src/repo-rig.ts';
import { goCommand } from '../src/slipway-process.ts';

const CROSS = ['cross', 'KUBE_BUILD_PLATFORMS=linux/arm64 windows/amd64'];

/** Little is compiled, because the test is about the transfer. */
const tree = (): Repo =>
  new Repo('empty')
    .write({
      'go.mod': 'module example.org/remote\n\ngo 1.21\n',
      'cmd/alpha/main.go':
        'package main\n\nimport "example.org/remote/pkg/shared"\n\nfunc main() { println(shared.Text) }\n',
      'cmd/beta/main.go':
        'package main\n\nimport "example.org/remote/pkg/shared"\n\nfunc main() { println(2, shared.Text) }\n',
      'pkg/shared/shared.go': 'package shared\n\nimport _ "embed"\n\n//go:embed text.txt\nvar Text string\n',
      'pkg/shared/text.txt': 'hello\n',
    })
    .init('v1.0.0');

describe('commands built by a cluster', unless(whyNoCasd()), () => {
  let cluster: Cluster;
  let goCache: string;
  let env: Record<string, string>;
  beforeAll(async () => {
    goCache = mkdtempSync(join(tmpdir(), 'slipway-gocache-'));
    cluster = await startCasdCluster({ shared: [goCache], shown: [join(goCommand(), '../..')] });
    env = {
      SLIPWAY_REMOTE_EXECUTION: cluster.executors.join(','),
      SLIPWAY_REMOTE_EXECUTION_CACHE: cluster.cache,
      SLIPWAY_REMOTE_EXECUTION_GO: goCommand(),
      SLIPWAY_REMOTE_EXECUTION_GOCACHE: goCache,
    };
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
    rmSync(goCache, { recursive: true, force: true });
  });

  const sums = (repo: Repo): string[] =>
    ['linux/arm64/alpha', 'linux/arm64/beta', 'windows/amd64/alpha.exe', 'windows/amd64/beta.exe'].map((path) =>
      createHash('sha256')
        .update(readFileSync(repo.path('_output/local/bin', path)))
        .digest('hex'),
    );

  test('two nodes make the bytes of this machine, a second checkout gets them from the cluster, and one edit sends a few files', async () => {
    await using repo = tree();
    const first = await repo.slipway(CROSS, { env });
    expect(first).toMatchObject({ exit: 0, stdout: expect.stringContaining('4 commands in 4 actions') });
    expect(first.stdout).not.toContain('done on this machine');
    const there = sums(repo);
    expect((await repo.slipway(CROSS, { env })).stdout).toContain('nothing changed');

    await using other = tree();
    const second = await other.slipway(CROSS, { env });
    expect(second.stdout).toMatch(/cluster {3}4 actions, 4 known there/);
    expect(sums(other)).toEqual(there);

    other.write({ 'cmd/alpha/main.go': other.read('cmd/alpha/main.go').replace('shared.Text', '1, shared.Text') });
    const edited = await other.slipway(CROSS, { env });
    const sent = /(\d+) files? \(/.exec(edited.stdout)?.[1];
    expect(Number(sent)).toBeGreaterThan(0);
    expect(Number(sent)).toBeLessThanOrEqual(20);

    const here = await repo.slipway([...CROSS, '-B'], { env: { ...env, SLIPWAY_REMOTE_EXECUTION: 'none' } });
    expect(here.exit).toBe(0);
    expect(sums(repo)).toEqual(there);
  });

  test('a node that is killed while it builds costs time and no build', async () => {
    await using repo = tree();
    repo.write({ 'pkg/shared/text.txt': `${Math.random()}\n` });
    const running = repo.start(CROSS, { env });
    setTimeout(() => void cluster.servers.find(({ name }) => name === 'node1')?.kill('SIGKILL'), 3000);
    expect(await running.ended).toMatchObject({ exit: 0 });
    expect(sums(repo).every((sum) => /^[0-9a-f]{64}$/.test(sum))).toBe(true);
  });
});
