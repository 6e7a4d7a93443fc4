import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, relative } from 'node:path';
import { hostPlatform } from '@slipway/facts';
import type { Event } from '@slipway/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  buildContainers,
  engine,
  eventually,
  executing,
  labelOf,
  madeFor,
  smallestImage,
  whyNoEngine,
  withoutWaiting,
} from '../src/engine-rig.ts';
import { unless } from '../src/machine-programs.ts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { type Repo, repo } from '../src/repo-rig.ts';
import type { Ended } from '../src/slipway-process.ts';

const host = hostPlatform();
const why = await whyNoEngine();

describe('in containers', unless(why), () => {
  let tree: Repo;
  const run = (...command: string[]): Promise<Ended> => tree.slipway(['run', '--', ...command]);

  beforeAll(async () => {
    tree = repo('plain').write({ 'build/build-image/packages.txt': smallestImage });
    expectDone(await tree.slipway(['make-build-image', '--from-packages']));
  });

  afterAll(async () => {
    await tree.slipway(['make-clean']);
    await tree[Symbol.asyncDispose]();
  });

  test('a command prints and ends as on this machine, and sees the tree', async () => {
    const ended = await run('sh', '-c', 'cat go.mod; echo problem >&2; exit 7');
    expect(ended).toMatchObject({ exit: 7, stdout: tree.read('go.mod') });
    expect(ended.stderr).toBe('problem\n');
    expect((await run('go', 'version')).stdout).toMatch(/^go version go\d/);
    const made = await madeFor(labelOf(tree));
    const { Labels } = await engine<{ Labels: object }>('GET', `/volumes/${made.at(-1)!.split(' ')[1]}`);
    expect(Labels).toHaveProperty(['slipway.root'], tree.dir);
    expect(made).toEqual([
      expect.stringMatching(/^container kube-build-data-/),
      expect.stringMatching(/^image kube-build:build-/),
      expect.stringMatching(/^volume kube-build-data-/),
    ]);
  });

  test('a sync repeats each change: contents, modes, links, and removed files', async () => {
    const list = ['sh', '-c', 'cd sent && find . -mindepth 1 -printf "%P %m %l\\n" | sort; cat a* 2>/dev/null'];
    tree.write({ 'sent/a': 'one', 'sent/b/c': '#!/bin/sh\n' });
    expect((await run(...list)).stdout).toBe('a 644 \nb 755 \nb/c 755 \none');
    tree.write({ 'sent/a': undefined, 'sent/b': 'a file now', 'sent/a2': 'two' });
    expect((await run(...list)).stdout).toBe('a2 644 \nb 644 \ntwo');
    const again = await tree.slipway(['--explain', 'run', '--', 'true']);
    expect(again.stderr).toMatch(/fresh +sync in .*nothing to send/);
    tree.write({ sent: undefined });
  });

  test("the next sync undoes a command's changes of the sources in the container", async () => {
    const before = tree.read('go.mod');
    expectDone(await run('sh', '-c', 'echo broken > go.mod; rm -r cmd; mkdir new; echo 1 > new/file'));
    expect((await run('sh', '-c', 'cat go.mod; ls -d cmd; ls -d new')).stdout).toBe(`${before}cmd\n`);
    expectDone(await run('rm', 'go.mod'));
    expect((await run('cat', 'go.mod')).stdout).toBe(before);
  });

  test('results and generated files come back once, owned by the user', async () => {
    const make =
      'mkdir -p _output/dockerized/bin; echo b > _output/dockerized/bin/b; echo g > zz_generated.x.go; echo n > not';
    expectDone(await run('sh', '-c', make));
    expect([tree.read('_output/dockerized/bin/b'), tree.read('zz_generated.x.go')]).toEqual(['b\n', 'g\n']);
    expect(statSync(tree.path('zz_generated.x.go')).uid).toBe(process.getuid?.());
    expect(() => tree.read('not')).toThrow('ENOENT');
    tree.write({ 'zz_generated.x.go': undefined, '_output/dockerized/bin/b': undefined });
    expect((await run('sh', '-c', 'ls zz_generated.x.go || echo gone too')).stdout).toBe('gone too\n');
  });

  test('authorities that this machine trusts are trusted there, also those added later', async () => {
    const SSL_CERT_FILE = tree.path('../authorities.crt');
    for (const authorities of ['# one', '# another']) {
      writeFileSync(SSL_CERT_FILE, authorities);
      const told = await tree.slipway(['run', '--', 'cat', '/etc/ssl/certs/ca-certificates.crt'], {
        env: { SSL_CERT_FILE },
      });
      expect(withoutWaiting(told)).toMatchObject({ exit: 0, stdout: authorities, stderr: '' });
    }
  });

  test('binaries are the same as on the host, and are not built twice', async () => {
    const elsewhere = { env: { XDG_CACHE_HOME: tree.path('../other-store') } };
    const binaries = (part: string): string[] =>
      ['a', 'b'].map((name) =>
        createHash('sha256')
          .update(readFileSync(tree.path('_output', part, 'bin', host, name)))
          .digest('hex'),
      );
    const platforms = `KUBE_BUILD_PLATFORMS=${host}`;
    const built = await tree.slipway(['--explain', 'cross-in-a-container', platforms]);
    expectDone(built);
    expect(built.stdout).toMatch(/ran +build a, b/);
    expectDone(await tree.slipway(['cross', platforms], elsewhere));
    expect(binaries('dockerized')).toEqual(binaries('local'));
    // Nothing is stale, so slipway asks no engine.
    const nowhere = { env: { DOCKER_HOST: 'unix:///nowhere.sock' } };
    const again = await tree.slipway(['--explain', 'cross-in-a-container', platforms], nowhere);
    expectDone(again);
    expect(again.stdout).toMatch(/fresh +start container .*no step in a container is stale/);
    // Results of a container are the same as results of the host.
    const restored = await tree.slipway(['--explain', 'cross', platforms, 'OUT_DIR=another']);
    expect(restored.stdout).toMatch(/restored +build a, b/);
  });

  test('a build there reports its packages, and with -k the good ones come back and are fresh', async () => {
    const right = tree.read('cmd/b/b.go');
    tree.write({
      'cmd/a/a.go': `${tree.read('cmd/a/a.go')}\n// another\n`,
      'cmd/b/b.go': 'package main\n\nfunc main() { mistake() }\n',
    });
    const args = ['-k', '--json', 'cross-in-a-container', `KUBE_BUILD_PLATFORMS=${host}`];
    const ended = await tree.slipway(args);
    tree.write({ 'cmd/b/b.go': right });
    expect(ended.exit).toBe(1);
    const events = ended.stdout
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));
    const worked = events.flatMap((event) => (event.kind === 'go-worked' ? event.spans : []));
    expect(worked.filter(({ is }) => is === 'link').map(({ name }) => name)).toEqual(['plain.example/plain/cmd/a']);
    const counts = events.flatMap((event) => (event.kind === 'go-progressed' ? [event.progress.packages] : []));
    expect(counts.at(-1)).toMatchObject({ total: expect.any(Number) });
    expect(Math.max(...counts.map(({ done }) => done))).toBeGreaterThan(0);
    const finished = events.find((event) => event.kind === 'step-finished' && event.outcome.parts !== undefined);
    expect(finished).toMatchObject({
      outcome: { is: 'failed', parts: [{ name: expect.stringMatching(/a$/), is: 'ran' }, { is: 'failed' }] },
    });
    const again = await tree.slipway(['--explain', ...args.filter((word) => word !== '--json')]);
    expectDone(again);
    expect(again.stdout).toMatch(/fresh +.*\ba\b/);
  });

  test('a release is the same to the byte as one without containers', async () => {
    tree.write(releasable).commit('to release', 'v1.2.4');
    const built = await tree.slipway(['--explain', 'release']);
    expectDone(built);
    expect(built.stdout).toMatch(/ran +test \.\/\.\.\. in \. /);
    const inContainers = digests(tree);
    expect(Object.keys(inContainers)).toContain(`release-tars/plain-server-${host.replace('/', '-')}.tar.gz`);
    // The released files are fresh, so slipway asks no engine.
    const nowhere = { env: { DOCKER_HOST: 'unix:///nowhere.sock' } };
    expectDone(await tree.slipway(['release', 'KUBE_RELEASE_RUN_TESTS=n'], nowhere));
    expect(digests(tree)).toEqual(inContainers);
    const tools = ['sha256sum', '/usr/bin/gcc', '/usr/bin/as', '/usr/bin/ld'];
    const there = (await run(...tools)).stdout;
    const sameCompiler = there === execFileSync(tools[0]!, tools.slice(1), { encoding: 'utf8' });
    const elsewhere = { env: { XDG_CACHE_HOME: tree.path('../another-store') } };
    expectDone(await tree.slipway(['release', '--without-docker', 'KUBE_RELEASE_RUN_TESTS=n'], elsewhere));
    if (sameCompiler) expect(digests(tree)).toEqual(inContainers);
    const binary = (part: string, name: string): Buffer => readFileSync(tree.path('_output', part, 'bin', host, name));
    for (const name of sameCompiler ? ['a', 'b'] : ['a'])
      expect(binary('local', name).equals(binary('dockerized', name)), name).toBe(true);
  });

  test("one store serves both: each reuses the other's builds", async () => {
    tree.write({ ...releasable, 'cmd/a/more.go': 'package main\n\nvar more = "more"\n' }).commit('more', 'v1.2.5');
    const [platforms, release] = [`KUBE_BUILD_PLATFORMS=${host}`, '--profile=release'];
    const status = async (...words: string[]): Promise<string> => {
      const ended = await tree.slipway(['--explain', ...words, release, platforms]);
      expectDone(withoutWaiting(ended));
      return /^(ran|restored|fresh) +build a for/m.exec(ended.stdout)![1]!;
    };
    expect(await status('cross')).toBe('ran');
    expect(await status('cross-in-a-container')).toBe('restored');
    tree.write({ 'cmd/a/more.go': 'package main\n\nvar more = "even more"\n' }).commit('even more', 'v1.2.6');
    expect(await status('cross-in-a-container')).toBe('ran');
    expect(await status('cross')).toBe('restored');
  });

  test('Ctrl-C ends the container with the command', async () => {
    const running = tree.start(['run', '--', 'sleep', '60']);
    await eventually(() => executing('sleep 60', tree));
    running.signal('SIGINT');
    expect((await running.ended).exit).toBe(130);
    await eventually(async () => (await buildContainers(tree)).length === 0);
  });

  test('a killed slipway leaves no container, and the next run continues', async () => {
    const running = tree.start(['run', '--', 'sleep', '60']);
    await eventually(() => executing('sleep 60', tree));
    running.signal('SIGKILL');
    await running.ended.catch(() => {});
    await eventually(async () => (await buildContainers(tree)).length === 0);
    expectDone(await run('true'));
  });

  test('a killed container never counts as a command that succeeded', async () => {
    const running = tree.start(['run', '--', 'sleep', '60']);
    await eventually(() => executing('sleep 60', tree));
    await engine('POST', `/containers/${(await buildContainers(tree))[0]}/kill`);
    expectFailure(await running.ended, 'CONTAINER_LOST', {
      says: 'ended before its command did',
      hint: 'nothing of it was kept',
    });
  });

  test('a lost volume is noticed, and filled again', async () => {
    expectDone(await run('true'));
    const names = (await madeFor(labelOf(tree))).map((each) => each.split(' ')[1]!);
    const data = names.find((name) => name.startsWith('kube-build-data-'))!;
    await engine('DELETE', `/containers/${data}?force=1`);
    await engine('DELETE', `/volumes/${data}`);
    expect((await run('cat', 'go.mod')).stdout).toBe(tree.read('go.mod'));
  });

  test('make-clean leaves nothing of the tree, and reports that the second time', async () => {
    expectDone(await tree.slipway(['make-clean']));
    expect(await madeFor(labelOf(tree))).toEqual([]);
    expect((await tree.slipway(['--explain', 'make-clean'])).stdout).toMatch(/the engine has no objects of this tree/);
    // Later objects go too: nothing remembers that the engine was clean once.
    expectDone(await tree.slipway(['make-build-image']));
    expect(await madeFor(labelOf(tree))).toHaveLength(3);
    expectDone(await tree.slipway(['make-clean']));
    expect(await madeFor(labelOf(tree))).toEqual([]);
    expectDone(await tree.slipway(['make-build-image']));
    expect(await madeFor(labelOf(tree))).toHaveLength(3);
  });
});

/** A tree to release and to test; one of its two commands is built with cgo. */
const releasable = {
  '.gitignore': '_output\n',
  'slipway.config.ts': `export default ${JSON.stringify({
    sets: {
      server: { targets: ['cmd/a'], platforms: [host] },
      client: { targets: ['cmd/b'], platforms: [host] },
    },
    static: ['a'],
    release: { name: 'plain', registry: 'registry.example', images: ['a'], licenses: ['go.mod'] },
  })};\n`,
  'cmd/b/native.go': 'package main\n\nimport "os/user"\n\nvar who, _ = user.Current()\n',
  'cmd/a/inside_test.go': [
    'package main',
    'import ("os"; "strings"; "testing")',
    'func TestInside(t *testing.T) {',
    '\tdir, err := os.Getwd()',
    '\tif err != nil || !strings.HasPrefix(dir, "/go/src/") { t.Fatal(dir, err) }',
    '}',
    '',
  ].join('\n'),
};

/**
 * sha256 of everything below `release-tars` and `release-images`, by path, without the files that record the variables.
 */
function digests(tree: Repo): Record<string, string> {
  const found = ['release-tars', 'release-images'].flatMap((dir) =>
    readdirSync(tree.path('_output', dir), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/SUMS$|^provenance/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(found.sort().map((path) => [relative(tree.path('_output'), path), digest(path)]));
}

describe('without a usable engine', () => {
  test("the error names the engine's address", async () => {
    await using tree = repo('plain');
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    expectFailure(await tree.slipway(['run', '--', 'true'], { env }), 'NO_ENGINE', {
      says: 'unix:///nowhere/docker.sock: there is no such socket',
      hint: 'apt-get install docker.io',
    });
  });

  test('a release names a way without an engine', async () => {
    await using tree = repo('configured');
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    expectFailure(await tree.slipway(['quick-release'], { env }), 'NO_ENGINE', {
      says: 'there is no such socket',
      hint: 'or build on this machine: slipway quick-release --without-docker',
    });
  });

  test.each([
    [
      'too old',
      { ApiVersion: '1.24' },
      'ENGINE_TOO_OLD',
      'Docker 1.12.6 speaks version 1.24',
      'install a newer engine',
    ],
    [
      'rootless, with --sync bind',
      {},
      'NO_TRANSPORT',
      'the engine is rootless: in its containers root owns this tree',
      'leave --sync out',
    ],
  ] as const)('it is %s', async (what, more, code, says, hint) => {
    await using tree = repo('plain');
    const path = tree.path(`../${what.slice(0, 3)}.sock`);
    const kind = { Version: '1.12.6', ApiVersion: '1.41', Os: host.split('/')[0], Arch: host.split('/')[1], ...more };
    const info = { MemTotal: 2 ** 34, SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] };
    const server = createServer((_asked, answer) =>
      answer.setHeader('Content-Type', 'application/json').end(JSON.stringify({ ...kind, ...info })),
    );
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const env = { DOCKER_HOST: `unix://${path}` };
    const ended = await tree.slipway(['run', '--sync', 'bind', '--', 'true'], { env });
    server.close();
    expectFailure(ended, code, { says, hint });
  });

  test.each([
    [['run'], 'run needs a command', 'slipway run -- make'],
    [['all', '--', 'x'], 'only run, shell, nx-cache take a command', 'slipway run -- x'],
    [['run', 'all'], 'run stands alone', 'slipway run -- all'],
    [['quick-release', 'all'], 'quick-release stands alone', 'slipway quick-release all --without-docker'],
    [['all', '--without-docker'], '--without-docker is a flag of release', 'slipway release --without-docker'],
    [['run', '--profile', 'make', '--', 'x'], 'profile make', 'slipway run -- make'],
  ])('words without a meaning: %j', async (words, says, hint) => {
    await using tree = repo('plain');
    expectFailure(await tree.slipway(words), 'BAD_USAGE', { says, hint });
  });
});
