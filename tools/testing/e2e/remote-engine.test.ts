import { hash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FailureError } from '@slipway/model';
import { type RemoteExecution, realRemoteExecution } from '@slipway/adapters/remote-execution';
import { realRemoteCache } from '@slipway/adapters/remote-cache';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { input, remoteExecutionContract, shellAction, unwatched } from '@slipway/adapters/remote-execution-contract';
import { startBuildGrid } from '../src/cluster/buildgrid-cluster.ts';
import { type Cluster, startCasdCluster, whyNoCasd } from '../src/cluster/casd-cluster.ts';
import type { ServerProcess } from '../src/cluster/server-process.ts';
import { unless } from '../src/machine-programs.ts';
import { misbehavingProxy } from '../src/misbehaving-proxy.ts';
import { repo } from '../src/repo-rig.ts';
import { startSlipway } from '../src/slipway-process.ts';
import { seededRandom } from '../src/synthetic-tree/random.ts';
import { startedBy, until } from '../src/processes.ts';

/** By hand also with a scheduler: SLIPWAY_TEST_TOPOLOGY=buildgrid. */
const hasQueue = process.env['SLIPWAY_TEST_TOPOLOGY'] === 'buildgrid';

/** By hand 200, and another seed. */
const { SLIPWAY_TEST_KILLS = '20', SLIPWAY_FAULT_SEED: SEED = String(Date.now()) } = process.env;
const KILLS = Number(SLIPWAY_TEST_KILLS);

/** Two nodes of buildbox-casd and one bazel-remote; what a client meets with them, one test for each trap. */
describe(`a cluster ${hasQueue ? 'with' : 'without'} a scheduler`, unless(whyNoCasd()), () => {
  let cluster: Cluster;
  let remote: RemoteExecution;
  let place: string;
  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'slipway-engine-'));
    // Kept failures are casd's own default; a client must not fall for them.
    cluster = hasQueue
      ? await startBuildGrid({ say: () => {} })
      : await startCasdCluster({ cacheFailures: true, shared: [place] });
    remote = open();
  });
  afterAll(async () => {
    await remote?.close();
    await cluster?.[Symbol.asyncDispose]();
    rmSync(place, { recursive: true, force: true });
  });

  const open = (more: Partial<Parameters<typeof realRemoteExecution>[0]> = {}): RemoteExecution => {
    const { executors, cache } = cluster;
    return realRemoteExecution({ executors, cache, headers: {}, queueSeconds: 600, jobsPerExecutor: 1, ...more });
  };
  const act = (script: string, more: Parameters<typeof shellAction>[1] = {}) =>
    shellAction(script, { salt: randomUUID(), platform: cluster.platform, ...more });
  const serverNamed = (name: RegExp): ServerProcess => cluster.servers.find((each) => name.test(each.name))!;
  const printed = async (script: string, more: Parameters<typeof shellAction>[1] = {}): Promise<string> =>
    String((await remote.execute(act(script, more), unwatched)).stdout);
  const fetched = async (action: ReturnType<typeof act>, output = 'o', from = remote): Promise<string> => {
    const to = join(place, randomUUID());
    await from.fetch((await from.execute(action, unwatched)).outputs.get(output)!, to);
    return readFileSync(to, 'utf8');
  };

  remoteExecutionContract('the cluster', async () => ({
    remote: open(),
    salt: randomUUID(),
    platform: cluster.platform,
  }));

  test('an action has the same name here and there: default values are left out, and a second client finds its result', async () => {
    const action = act('cat b é 𐀀 ￿ > o', {
      files: { b: input('1'), é: input('2'), 𐀀: input('3'), '￿': input('4'), run: input('#!/bin/sh\n', true) },
      environment: { PATH: '/usr/bin:/bin', É: '1', B: '', a: '0' },
      links: new Map([['w/l', 'b']]),
    });
    expect(await fetched(action)).toBe('1234');
    await using other = closing(open());
    expect(await other.remote.execute(action, unwatched)).toMatchObject({ cached: true, attempts: 0 });
  });

  test('a kept failure is no result', async () => {
    const action = act(`test -e '${place}/mended' && echo right > o`);
    expect(await remote.execute(action, unwatched)).toMatchObject({ exitCode: 1, cached: false });
    writeFileSync(join(place, 'mended'), '');
    expect(await remote.execute(action, unwatched)).toMatchObject({ exitCode: 0, cached: false });
  });

  /** As after an eviction: neither the server of contents nor a node has it, and all of them know. */
  const forget = async (digest: string): Promise<void> => {
    const keepers = cluster.servers.filter(({ name }) => /^cache|^node|^contents/.test(name));
    for (const server of keepers) await server.kill('SIGKILL');
    for (const file of filesNamed(cluster.directory, digest)) rmSync(file);
    for (const server of keepers) await server.start();
  };

  test('a kept result whose contents are gone is made anew', async () => {
    const action = act('date +%s%N > o');
    const { digest } = (await remote.execute(action, unwatched)).outputs.get('o')!;
    await forget(digest);
    expect((await remote.execute(action, unwatched)).outputs.get('o')!.digest).not.toBe(digest);
  });

  test('an input that the cluster lost is sent again, and the program does not fail', async () => {
    const file = input(`lost ${randomUUID()}`);
    expect(await fetched(act('cat in > o', { files: { in: file } }))).toBe(String(file.from));
    await forget(file.digest);
    const result = await remote.execute(act('cat in > o', { files: { in: file } }), unwatched);
    expect(result).toMatchObject({ exitCode: 0, attempts: 2 });
  });

  test('an input that changes during the transfer is a failure that names it, and nothing wrong is kept', async () => {
    for (const size of [100, 3_000_000]) {
      const path = join(place, randomUUID());
      const right = randomBytes(size);
      writeFileSync(path, randomBytes(size));
      const changed = { from: path, digest: hash('sha256', right), size, executable: false };
      const action = act('cat in > o', { files: { in: changed } });
      await expect(remote.execute(action, unwatched)).rejects.toThrow(`UNREADABLE: ${path}`);
      writeFileSync(path, right);
      expect((await remote.execute(action, unwatched)).outputs.get('o')!.digest).toBe(changed.digest);
    }
  });

  test('inputs of any size arrive, those beyond a batch and thousands of small ones; inputs that are there are not sent again', async () => {
    const large = input(randomBytes(6_000_000).toString('latin1'));
    const small = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`d${i % 40}/f${i}`, input(`${i} ${place}`)]),
    );
    const files = { ...small, large, empty: input('') };
    const script = 'find . -type f | wc -l; cp large o';
    const first = await remote.execute(act(script, { files }), unwatched);
    expect([String(first.stdout).trim(), first.outputs.get('o')!.digest]).toEqual(['3002', large.digest]);
    expect(first.traffic.blobsUp).toBeGreaterThan(3002);
    // The action and its command are new.
    const again = await remote.execute(act(script, { files }), unwatched);
    expect(again.traffic.blobsUp).toBe(1);
    await using other = closing(open());
    const elsewhere = await other.remote.execute(act(script, { files }), unwatched);
    expect(elsewhere.traffic.blobsUp).toBe(1);
    const to = join(place, 'large');
    await other.remote.fetch(large, to);
    expect(statSync(to).size).toBe(large.size);
  });

  test('actions with the same inputs at once send each input once', async () => {
    const file = input(randomUUID());
    const results = await Promise.all(
      [1, 2, 3, 4].map((i) => remote.execute(act(`cat in; echo ${i} > o`, { files: { in: file } }), unwatched)),
    );
    // Of each: action and command; once: the file and two directories.
    expect(results.reduce((sum, { traffic }) => sum + traffic.blobsUp, 0)).toBe(4 * 2 + 3);
  });

  test('a large output of a program arrives whole', async () => {
    const large = await printed("head -c 6000000 /dev/zero | tr '\\0' a; echo > o");
    expect(large.length).toBe(6_000_000);
  });

  test('an action sees its environment and its inputs, executable where they are, and nothing of the worker', async () => {
    const files = {
      run: input('#!/bin/sh\nenv; cat sub/f; test -x sub/f || echo plain\n', true),
      'sub/f': input('F\n'),
    };
    const said = await printed('./run; pwd; ls; echo > o', { files, environment: { PATH: '/usr/bin:/bin', A: 'b c' } });
    // A runner without a sandbox passes its worker's environment on, and works below a directory of it.
    const own = /^(?:_|OLDPWD|SHLVL|PWD|HOME|LANG|TMPDIR)=.*\n/gm;
    const lines = said.replace(hasQueue ? own : /^(?:_|OLDPWD|SHLVL|PWD)=.*\n/gm, '').replace(/^\/.*\/w$/m, '/w');
    expect(lines.split('\n').sort().filter(Boolean)).toEqual(
      ['A=b c', 'PATH=/usr/bin:/bin', 'F', 'plain', '/w', 'run', 'sub'].sort(),
    );
  });

  test('writing to an input harms no other action', async () => {
    const files = { in: input(`kept ${place}`) };
    await printed('echo changed > in || true; rm -f in; echo > o', { files });
    expect(await printed('cat in; echo > o', { files })).toBe(`kept ${place}`);
  });

  test('outputs: executable bits, folders above them, directories with links and empty directories', async () => {
    const script =
      'echo 1 > a/b/c; chmod +x a/b/c; mkdir -p d/e d/none; echo 2 > d/e/f; ln -s e/f d/l; ln -s ../.. d/e/up';
    await expect(remote.execute(act(script, { outputPaths: ['a/b/c', 'd'] }), unwatched)).rejects.toThrow(
      'REMOTE_OUTPUT: d/e/up, which came from the cluster, is refused: it is a link to ../.., out of the output',
    );
    const tame = script.replace('../..', '..');
    const result = await remote.execute(act(tame, { outputPaths: ['a/b/c', 'd'] }), unwatched);
    expect([...result.outputs].map(([path, { executable }]) => [path, executable])).toEqual([
      ['a/b/c', true],
      ['d/e/f', false],
    ]);
    expect([...result.links].sort()).toEqual([
      ['d/e/up', '..'],
      ['d/l', 'e/f'],
    ]);
    expect([...result.directories].sort()).toEqual(['d', 'd/e', 'd/none']);
  });

  test.for([
    ['is a link', 'echo > t; ln -s t o', /REMOTE_(?:OUTPUT|REFUSED)/],
    [
      'is missing',
      'echo > elsewhere',
      'REMOTE_OUTPUT: o, which came from the cluster, is refused: the program ended well',
    ],
  ] as const)('an output that %s is a failure, and never an empty result', async ([, script, says]) => {
    await expect(remote.execute(act(script), unwatched)).rejects.toThrow(says);
  });

  test('a program that is not there, and one that takes too long', async () => {
    const nothing = act('', { arguments: ['/nonexistent/program'] });
    // bubblewrap says so itself; another runner has the server refuse it.
    const said = await remote.execute(nothing, unwatched).catch(String);
    expect(typeof said === 'string' ? said : `${said.exitCode} ${said.stderr}`).toMatch(
      /(?:^1 |REMOTE_REFUSED).*\/nonexistent\/program/,
    );
    const slow = act('sleep 600', { timeoutSeconds: 1 });
    await expect(remote.execute(slow, unwatched)).rejects.toThrow(
      'REMOTE_TIMEOUT: /bin/sh ran on its worker for more than 1 s',
    );
  });

  test('an action that is given up ends on the cluster, and all end when the client closes', async () => {
    const stop = new AbortController();
    const other = open();
    const begun = (name: string): ReturnType<typeof act> => act(`touch '${place}/${name}'; sleep 1000; echo > o`);
    const both = [other.execute(begun('one'), { signal: stop.signal }), other.execute(begun('two'), unwatched)].map(
      (running) => expect(running).rejects.toThrow('INTERRUPTED'),
    );
    await until('both run', () => existsSync(join(place, 'one')) && existsSync(join(place, 'two')));
    stop.abort('SIGINT');
    await other.close();
    await Promise.all(both);
    const left = () =>
      cluster.servers.flatMap(({ pid }) => startedBy(pid!)).filter(({ command }) => command === 'sleep');
    await until('nothing is left', () => left().length === 0);
  });

  test('an action waits for a worker no longer than it may', async () => {
    await using other = closing(open({ queueSeconds: 1, jobsPerExecutor: 5 }));
    const stop = new AbortController();
    const busy = ['three', 'four'].map((name) =>
      expect(
        other.remote.execute(act(`touch '${place}/${name}'; sleep 1000; echo > o`), { signal: stop.signal }),
      ).rejects.toThrow('INTERRUPTED'),
    );
    await until('both run', () => existsSync(join(place, 'three')) && existsSync(join(place, 'four')));
    const late = other.remote.execute(act('echo > o', { timeoutSeconds: 1 }), unwatched);
    await expect(late).rejects.toThrow('REMOTE_QUEUE: no worker of');
    stop.abort('SIGINT');
    await Promise.all(busy);
  });

  test('a server that sends other bytes is detected, and no file is left', async () => {
    const { outputs } = await remote.execute(act('head -c 100000 /dev/urandom > o'), unwatched);
    const { digest, size } = outputs.get('o')!;
    for (const path of filesNamed(join(cluster.directory, 'cache'), digest)) {
      const bytes = readFileSync(path);
      bytes[50_000]! ^= 1;
      writeFileSync(path, bytes);
    }
    const to = join(place, 'wrong');
    await expect(remote.fetch({ digest, size }, to)).rejects.toThrow('other bytes came than its digest says');
    expect(existsSync(to)).toBe(false);
  });

  test('a forged result of a server puts no file where the action has no output', async () => {
    const action = act('echo mine > o');
    await remote.execute(action, unwatched);
    // A client that may write results may write any.
    const results = realRemoteCache({ url: cluster.cache, headers: {}, latencyBudget: 60_000, bytesPerSecond: 1 });
    const [forged] = [Buffer.from('forged')];
    await results.write([forged]);
    for (const name of recordsIn(cluster.directory)) {
      const found = await results.result(name);
      if (found?.files.some(({ path }) => path === 'o') !== true) continue;
      const file = { path: '../../o', digest: hash('sha256', forged), size: forged.length, executable: false };
      await results.putResult(name, { files: [file], note: Buffer.alloc(0) });
    }
    results.close();
    const { outputs } = await remote.execute(action, unwatched);
    expect([...outputs.keys()]).toEqual(['o']);
  });

  test('slipway checks it, and prints whether it is fit to build', async () => {
    const { dir, env } = repo('plain');
    const url = cluster.executors[0]!;
    const ended = await startSlipway(['remote', 'check', url], { cwd: dir, env }).ended;
    // How fast it is depends on what else this machine does.
    expect(ended.stdout).toMatch(
      /ok +capabilities +sha256[\s\S]*ok +cache[\s\S]*go version go[\s\S]*verdict: fit to build/,
    );
  });

  test('no server, a server of contents alone, and a silent one: each is a failure in time, with a hint', async () => {
    const nobody = open({ executors: ['grpc://127.0.0.1:1'], cache: undefined });
    await expect(nobody.execute(act('true'), unwatched)).rejects.toThrow('REMOTE_UNREACHABLE: no cluster answers');
    const contents = open({ executors: [cluster.cache] });
    await expect(contents.execute(act('true'), unwatched)).rejects.toThrow('it runs no actions');
    await using proxy = await misbehavingProxy(Number(new URL(cluster.cache).port));
    proxy.behave({ is: 'silent' });
    const stop = new AbortController();
    const silent = open({ cache: proxy.url }).execute(act('true'), { signal: stop.signal });
    setTimeout(() => stop.abort('SIGINT'), 300);
    await expect(silent).rejects.toThrow('INTERRUPTED');
  });

  test('of two nodes one is lost while it works: the other one takes its actions, and it is used again when it is back', async () => {
    const node = serverNamed(/^(?:node|worker)1$/);
    const actions = Array.from({ length: 8 }, (_, i) => act(`sleep 0.3; echo ${i} > o`));
    const running = Promise.all(actions.map((action) => remote.execute(action, unwatched)));
    setTimeout(() => void node.kill('SIGKILL'), 400);
    const results = await running;
    expect(results.map(({ exitCode }) => exitCode)).toEqual(Array(8).fill(0));
    // A scheduler does it by itself.
    if (!hasQueue) expect(Math.max(...results.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    await node.start();
    await using other = closing(open({ executors: [cluster.executors[0]!] }));
    expect(await other.remote.execute(act('echo > o'), unwatched)).toMatchObject({ exitCode: 0 });
  });

  test(`servers are killed at random instants, ${KILLS} times: results are right or a failure says what to do, and nothing runs on`, async () => {
    const random = seededRandom('kills', SEED);
    const mortal = cluster.servers.filter(({ name }) => /^(?:node|worker|scheduler$|cache$)/.test(name));
    const done = new AbortController();
    const ends: string[] = [];
    const client = async (number: number): Promise<void> => {
      for (let i = 0; !done.signal.aborted; i++) {
        const word = `${number} ${i} ${SEED}`;
        const action = act(`sleep 0.${i % 4}; cat in > o`, { files: { in: input(word) } });
        const ended = await remote.execute(action, unwatched).catch((error: unknown) => error as FailureError);
        if ('exitCode' in ended) {
          const right = hash('sha256', word);
          ends.push(ended.outputs.get('o')?.digest === right ? 'right' : `exit ${ended.exitCode}: ${ended.stderr}`);
        } else
          ends.push(
            /^REMOTE_(?:LOST|REFUSED|OUTPUT|UNREACHABLE)$/.test(ended.failures[0]!.code) ? 'said' : ended.message,
          );
      }
    };
    const clients = [1, 2, 3].map(client);
    for (let i = 0; i < KILLS; i++) {
      await new Promise((later) => setTimeout(later, random.below(800)));
      // The server of contents every tenth time.
      const one = i % 10 === 9 ? serverNamed(/^cache$/) : random.pick(mortal);
      await one.kill('SIGKILL');
      await new Promise((later) => setTimeout(later, random.below(200)));
      await one.start();
    }
    done.abort();
    await Promise.all(clients);
    const wrong = [...new Set(ends)].filter((end) => end !== 'right' && end !== 'said');
    expect({ seed: SEED, wrong }).toEqual({ seed: SEED, wrong: [] });
    expect(ends.filter((end) => end === 'right').length).toBeGreaterThan(ends.length / 2);
    expect(await remote.execute(act('echo > o'), unwatched)).toMatchObject({ exitCode: 0 });
    const left = () =>
      cluster.servers.flatMap(({ pid }) => startedBy(pid!)).filter(({ command }) => command === 'sleep');
    await until('nothing is left', () => left().length === 0);
  });

  test('the server of contents is lost and comes back: it is waited for', async () => {
    const cache = serverNamed(/^cache$/);
    await remote.execute(act('echo > o'), unwatched);
    await cache.kill('SIGKILL');
    const running = remote.execute(act('cat in > o', { files: { in: input(randomUUID()) } }), unwatched);
    setTimeout(() => void cache.start(), 1000);
    expect(await running).toMatchObject({ exitCode: 0 });
  });
});

const closing = (remote: RemoteExecution) => ({ remote, [Symbol.asyncDispose]: () => remote.close() });

const filesBelow = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

/** Files in which a server keeps a content: bazel-remote by its whole name, casd by the rest after two letters. */
const filesNamed = (directory: string, digest: string): string[] =>
  filesBelow(directory)
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path.includes(`/${digest}`) || path.includes(`/${digest.slice(0, 2)}/${digest.slice(2)}`));

const recordsIn = (directory: string): string[] =>
  filesBelow(directory)
    .filter(({ parentPath }) => parentPath.includes('/ac.v2'))
    .map(({ name }) => name.slice(0, 64));
