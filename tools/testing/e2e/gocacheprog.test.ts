import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CacheServer, startBazelRemote } from '../src/cache-servers.ts';
import { misbehavingProxy } from '../src/misbehaving-proxy.ts';
import { timeouts } from '../src/timeouts.ts';
import { cleanEnvironment, goCommand, slipwayInShell, startProcess } from '../src/slipway-process.ts';

let server: CacheServer;
let base: string;
beforeAll(async () => {
  server = await startBazelRemote();
  base = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  execFileSync('mkdir', [join(base, 'tree')]);
  writeFileSync(join(base, 'tree/go.mod'), 'module tree.example\n\ngo 1.24\n');
  writeFileSync(join(base, 'tree/main.go'), 'package main\n\nfunc main() { println("here") }\n');
  writeFileSync(join(base, 'cacheprog'), `#!/bin/sh\nexec ${slipwayInShell()} gocacheprog\n`);
  chmodSync(join(base, 'cacheprog'), 0o755);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(base, { recursive: true, force: true });
});

interface Made {
  /** How many packages Go compiled. */
  readonly compiled: number;
  readonly milliseconds: number;
}

/** Builds on a machine of that name; another name has nothing. */
async function build(name: string, url: string, more: Record<string, string> = {}): Promise<Made> {
  const home = join(base, name);
  const env = {
    ...cleanEnvironment(home),
    GOCACHE: join(home, 'go-build'),
    GOCACHEPROG: join(base, 'cacheprog'),
    SLIPWAY_REMOTE_CACHE: url,
    SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer,
    ...more,
  };
  const started = performance.now();
  const { exit, stderr } = await startProcess(goCommand(), ['build', '-x', '-trimpath', '-o', join(home, 'out'), '.'], {
    cwd: join(base, 'tree'),
    env,
  }).ended;
  if (exit !== 0) throw new Error(stderr);
  expect(spawnSync(join(home, 'out'), { encoding: 'utf8' }).stderr).toBe('here\n');
  return { compiled: stderr.match(/\/compile -o /g)?.length ?? 0, milliseconds: performance.now() - started };
}

const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** CPU seconds are those of the whole tree of processes, as the shell counts them. */
async function buildKubectl(name: string): Promise<{ readonly compiled: number; readonly cpu: number }> {
  const home = join(base, name);
  const modules = execFileSync(goCommand(), ['env', '-json', 'GOMODCACHE', 'GOPROXY', 'GOSUMDB'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  const env = {
    ...cleanEnvironment(home),
    ...(JSON.parse(modules) as Record<string, string>),
    GOCACHE: join(home, 'go-build'),
    GOCACHEPROG: join(base, 'cacheprog'),
    SLIPWAY_REMOTE_CACHE: server.url,
    SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer,
  };
  const script = `TIMEFORMAT='%U %S'; time "$0" build -x -trimpath -buildvcs=false -o "$1" ./components/cmd/kubectl`;
  const { exit, stderr } = await startProcess('bash', ['-c', script, goCommand(), join(home, 'out')], {
    cwd: repositoryRoot,
    env,
  }).ended;
  if (exit !== 0) throw new Error(stderr);
  const times = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  return { compiled: stderr.match(/\/compile -o /g)?.length ?? 0, cpu: times[0]! + times[1]! };
}

describe('GOCACHEPROG', () => {
  test('a machine that has nothing compiles nothing, and damaged content is made again', async () => {
    expect((await build('first', server.url)).compiled).toBeGreaterThan(10);
    expect((await build('second', server.url)).compiled).toBe(0);
    const kept = join(base, 'second/.cache/slipway/go-build');
    for (const { parentPath, name } of readdirSync(kept, { recursive: true, withFileTypes: true }))
      if (name.startsWith('o-')) {
        const bytes = readFileSync(join(parentPath, name));
        if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(join(parentPath, name), bytes);
      }
    expect((await build('second', server.url)).compiled).toBe(0);
    expect((await build('second', 'off')).compiled).toBe(0);
  });

  test("this repository's kubectl costs such a machine less than a fifth of the CPU of the one before", async () => {
    const first = await buildKubectl('kubectl-first');
    const second = await buildKubectl('kubectl-second');
    expect(first.compiled).toBeGreaterThan(200);
    expect(second.compiled).toBe(0);
    const [made, same] = ['first', 'second'].map((name) => readFileSync(join(base, `kubectl-${name}`, 'out')));
    expect(same!.equals(made!)).toBe(true);
    expect(first.cpu / second.cpu, `${first.cpu} s, then ${second.cpu} s`).toBeGreaterThan(5);
  });

  test('whoever signs takes nothing unsigned; the signed is taken by who trusts the key', async () => {
    const key = join(base, 'key.pem');
    const text = execFileSync('sh', ['-c', `${slipwayInShell()} cache key '${key}'`], {
      cwd: base,
      encoding: 'utf8',
    }).trim();
    await build('first', server.url);
    expect((await build('signer', server.url, { SLIPWAY_REMOTE_CACHE_KEY: key })).compiled).toBeGreaterThan(10);
    const scope = { SLIPWAY_REMOTE_CACHE_SCOPE: 'empty' };
    expect((await build('truster', server.url, { ...scope, SLIPWAY_REMOTE_CACHE_TRUST: text })).compiled).toBe(0);
    expect((await build('stranger', server.url, scope)).compiled).toBeGreaterThan(10);
  });

  test('a server that is silent or slow is left alone', async () => {
    await using proxy = await misbehavingProxy(server.port);
    const alone = await build('alone', 'off');
    for (const how of [
      { is: 'silent' },
      { is: 'late', milliseconds: 500 },
      { is: 'cutting', after: 20_000 },
    ] as const) {
      proxy.behave(how);
      const made = await build(`faulty-${how.is}`, proxy.url, { SLIPWAY_REMOTE_CACHE_PATIENCE: '' });
      expect(made.milliseconds).toBeLessThan(10 * alone.milliseconds + 60_000);
    }
  });
});
