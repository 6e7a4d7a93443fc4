import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CacheServer, startBazelRemote } from '../src/cache-servers.ts';
import { misbehavingProxy } from '../src/misbehaving-proxy.ts';
import { timeouts } from '../src/timeouts.ts';
import { cleanEnvironment, goCommand, slipwayInShell, startProcess } from '../src/slipway-process.ts';

/**
 * Packages in a chain. Each result is larger than the piece after which a server below cuts off, also when compressed.
 */
const PACKAGES = 12;
const textOf = (number: number): string =>
  createHash('shake256', { outputLength: 50_000 }).update(String(number)).digest('hex');

let server: CacheServer;
let base: string;
beforeAll(async () => {
  server = await startBazelRemote();
  base = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  execFileSync('mkdir', [join(base, 'tree')]);
  writeFileSync(join(base, 'tree/go.mod'), 'module tree.example\n\ngo 1.24\n');
  writeFileSync(join(base, 'tree/main.go'), 'package main\n\nfunc main() { println("here") }\n');
  for (let number = 0; number < PACKAGES; number += 1) {
    const dir = join(base, `tree/p${number}`);
    mkdirSync(dir);
    const imports = number === 0 ? '' : `import _ "tree.example/p${number - 1}"\n\n`;
    writeFileSync(
      join(dir, 'p.go'),
      `package p\n\n${imports}const Text = "${textOf(number)}"\n\nfunc F() string { return Text }\n`,
    );
  }
  writeFileSync(join(base, 'cacheprog'), `#!/bin/sh\nexec ${slipwayInShell()} gocacheprog\n`);
  chmodSync(join(base, 'cacheprog'), 0o755);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(base, { recursive: true, force: true });
});

interface Made {
  /** The number of packages that Go compiled. */
  readonly compiled: number;
  readonly milliseconds: number;
  /** The binary that it wrote. */
  readonly bytes: Buffer;
}

/** A program, with Go's runtime; or a package with all its imports, which compile in a moment. */
type What = '.' | './p11';

/** Builds on a machine of that name; a machine of another name has nothing. */
async function build(name: string, url: string, what: What, more: Record<string, string> = {}): Promise<Made> {
  const home = join(base, name);
  const [env, out] = [{ ...environment(home, url), ...more }, join(home, 'out')];
  const started = performance.now();
  const { exit, stderr } = await startProcess(goCommand(), ['build', '-x', '-trimpath', '-o', out, what], {
    cwd: join(base, 'tree'),
    env,
  }).ended;
  if (exit !== 0) throw new Error(stderr);
  if (what === '.') expect(spawnSync(out, { encoding: 'utf8' }).stderr).toBe('here\n');
  return {
    compiled: stderr.match(/\/compile -o /g)?.length ?? 0,
    milliseconds: performance.now() - started,
    bytes: readFileSync(out),
  };
}

const environment = (home: string, url: string) => ({
  ...cleanEnvironment(home),
  GOCACHE: join(home, 'go-build'),
  GOCACHEPROG: join(base, 'cacheprog'),
  SLIPWAY_REMOTE_CACHE: url,
  SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer,
});

const repositoryRoot = resolve(import.meta.dirname, '../../..');

/** CPU seconds are those of the whole process tree, as the shell counts them. */
async function buildKubectl(name: string): Promise<{ readonly compiled: number; readonly cpu: number }> {
  const home = join(base, name);
  const modules = execFileSync(goCommand(), ['env', '-json', 'GOMODCACHE', 'GOPROXY', 'GOSUMDB'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  const env = { ...environment(home, server.url), ...(JSON.parse(modules) as Record<string, string>) };
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
  test('a machine with an empty cache compiles nothing, and damaged content is made again', async () => {
    expect((await build('first', server.url, '.')).compiled).toBeGreaterThan(10);
    expect((await build('second', server.url, '.')).compiled).toBe(0);
    const kept = join(base, 'second/.cache/slipway/go-build');
    for (const { parentPath, name } of readdirSync(kept, { recursive: true, withFileTypes: true }))
      if (name.startsWith('o-')) {
        const bytes = readFileSync(join(parentPath, name));
        if (bytes.length > 0) bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(join(parentPath, name), bytes);
      }
    expect((await build('second', server.url, '.')).compiled).toBe(0);
    expect((await build('second', 'off', '.')).compiled).toBe(0);
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

  test('a signer takes no unsigned entry, and every machine that trusts the key takes a signed one', async () => {
    const key = join(base, 'key.pem');
    const text = execFileSync('sh', ['-c', `${slipwayInShell()} cache key '${key}'`], {
      cwd: base,
      encoding: 'utf8',
    }).trim();
    await build('giver', server.url, './p11');
    const signing = { SLIPWAY_REMOTE_CACHE_KEY: key };
    expect((await build('signer', server.url, './p11', signing)).compiled).toBe(PACKAGES);
    const scope = { SLIPWAY_REMOTE_CACHE_SCOPE: 'empty' };
    const trusting = { ...scope, SLIPWAY_REMOTE_CACHE_TRUST: text };
    expect((await build('truster', server.url, './p11', trusting)).compiled).toBe(0);
    expect((await build('stranger', server.url, './p11', scope)).compiled).toBe(PACKAGES);
  });

  test('a server that is silent or slow is not used', async () => {
    await using proxy = await misbehavingProxy(server.port);
    await build('giver', server.url, './p11');
    const alone = await build('alone', 'off', './p11');
    for (const how of [
      { is: 'silent' },
      { is: 'late', milliseconds: 500 },
      { is: 'cutting', after: 20_000 },
    ] as const) {
      proxy.behave(how);
      const made = await build(`faulty-${how.is}`, proxy.url, './p11', { SLIPWAY_REMOTE_CACHE_PATIENCE: '' });
      expect(made.bytes.equals(alone.bytes), how.is).toBe(true);
      expect(made.milliseconds).toBeLessThan(10 * alone.milliseconds + 60_000);
    }
  });
});
