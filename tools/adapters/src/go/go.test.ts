import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment, GoRequirement, GoToolchain, Platform } from '@slipway/model';
import { memoryMemo, readOnlyMemo } from '../files/memo.ts';
import { fakeCommandRunner } from '../process/fake.ts';
import type { FakeProgram } from '../process/fake.ts';
import { realCommandRunner } from '../process/real.ts';
import { goFinderContract } from './contract.ts';
import { fakeGoFinder } from './fake.ts';
import { hostPair } from './go-env.ts';
import { realGoFinder } from './real.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-go-'));
});
afterAll(() => rm(base, { recursive: true }));

const goHere = (process.env['PATH'] ?? '').split(delimiter).find((directory) => existsSync(join(directory, 'go')));
const withGo = { skip: goHere === undefined, meta: { why: 'there is no go on PATH' } };
const realEnv: Environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
const exactly = (version: string): GoRequirement => ({ version, exact: true, from: '.go-version' });
const atLeast = (version: string): GoRequirement => ({ version, exact: false, from: 'go.mod' });

describe('where go is on PATH', withGo, () => {
  goFinderContract('realGoFinder', () => ({
    finder: realGoFinder({ runner: realCommandRunner(), memo: memoryMemo() }),
    env: realEnv,
  }));
});
goFinderContract('fakeGoFinder', () => ({
  finder: fakeGoFinder({ command: '/go/bin/go', goroot: '/go', version: '1.26.8' }, [
    'linux/amd64',
    'windows/amd64',
  ] as Platform[]),
  env: {},
}));

test('the fake records its calls, and may have no Go', async () => {
  const finder = fakeGoFinder(undefined);
  const request = { requirement: exactly('1.21.7'), variables: {}, env: {}, root: '/' };
  await expect(finder.findGo(request)).rejects.toMatchObject({
    failures: [{ code: 'GO_UNAVAILABLE', version: '1.21.7' }],
  });
  expect(finder.requests).toEqual([request]);
});

describe('a Go that is here', () => {
  test('equals the answer of go env', withGo, async () => {
    const env = { ...realEnv, GOTOOLCHAIN: 'local' };
    const found = await realGoFinder({ runner: realCommandRunner(), memo: memoryMemo() }).findGo({
      requirement: undefined,
      variables: {},
      env,
      root: '/',
    });
    const said = execFileSync('go', ['env', 'GOROOT', 'GOVERSION'], { env, encoding: 'utf8' }).split('\n');
    expect([found.goroot, `go${found.version}`]).toEqual(said.slice(0, 2));
  });

  test('starts no process if its version is in a file beside it', async () => {
    const goroot = await goRoot('1.25.1');
    const { finder, requests } = finderWith();
    expect(await finder.findGo(asking(exactly('1.25.1'), pathTo(goroot)))).toEqual({
      command: join(goroot, 'bin/go'),
      goroot,
      version: '1.25.1',
    });
    expect(requests).toEqual([]);
  });

  test('may be older than the module of the standard library', async () => {
    const goroot = await goRoot('1.12.17');
    const { finder } = finderWith();
    expect(await finder.findGo(asking(exactly('1.12.17'), pathTo(goroot)))).toMatchObject({
      goroot,
      version: '1.12.17',
    });
  });

  test('may be a link to another place', async () => {
    const goroot = await goRoot('1.25.1');
    const bin = await mkdtemp(join(base, 'bin-'));
    await symlink(join(goroot, 'bin/go'), join(bin, 'go'));
    expect(
      (await finderWith().finder.findGo(asking(undefined, { PATH: `relative${delimiter}${base}${delimiter}${bin}` })))
        .goroot,
    ).toBe(goroot);
  });

  test.each([
    { requirement: atLeast('1.24'), fits: true },
    { requirement: atLeast('1.25.1'), fits: true },
    { requirement: undefined, fits: true },
    { requirement: exactly('1.25.0'), fits: false },
    { requirement: atLeast('1.25.2'), fits: false },
  ])('of version 1.25.1 for $requirement.version: $fits', async ({ requirement, fits }) => {
    const env = { ...pathTo(await goRoot('1.25.1')), GOTOOLCHAIN: 'path' };
    const found = finderWith().finder.findGo(asking(requirement, env));
    if (fits) expect((await found).version).toBe('1.25.1');
    else
      await expect(found).rejects.toMatchObject({
        failures: [{ code: 'GO_UNAVAILABLE', fact: expect.stringContaining('go on PATH is 1.25.1') }],
      });
  });

  test("a version manager's shim is run in the directory of the tree", async () => {
    const goroot = await goRoot('1.22.3');
    const shims = await mkdtemp(join(base, 'shims-'));
    await writeFile(join(shims, 'go'), '#!/bin/sh\n', { mode: 0o755 });
    const { finder, requests } = finderWith(() => ({ stdout: `${goroot}\ngo1.22.3\n` }));
    expect(await finder.findGo(asking(undefined, { PATH: shims }))).toEqual({
      command: join(goroot, 'bin/go'),
      goroot,
      version: '1.22.3',
    });
    expect(requests).toMatchObject([
      { argv: [join(shims, 'go'), 'env', 'GOROOT', 'GOVERSION'], cwd: '/tree', env: { GOTOOLCHAIN: 'local' } },
    ]);
  });

  test('is used in any version with FORCE_HOST_GO or GOTOOLCHAIN=local', async () => {
    const env = pathTo(await goRoot('1.19.8'));
    const { finder } = finderWith();
    expect(
      (await finder.findGo({ ...asking(exactly('1.21.7'), env), variables: { FORCE_HOST_GO: 'y' } })).version,
    ).toBe('1.19.8');
    expect((await finder.findGo(asking(exactly('1.21.7'), { ...env, GOTOOLCHAIN: 'local' }))).version).toBe('1.19.8');
    const none = finder.findGo({ ...asking(exactly('1.21.7'), { PATH: base }), variables: { FORCE_HOST_GO: 'y' } });
    await expect(none).rejects.toMatchObject({ failures: [{ code: 'TOOL_MISSING', tool: 'go' }] });
  });

  test.each([
    { requirement: exactly('1.21.7'), toolchain: 'local', instead: { version: '1.21.7', by: 'GOTOOLCHAIN=local' } },
    { requirement: atLeast('1.21'), toolchain: 'go1.19.8', instead: { version: '1.21', by: 'GOTOOLCHAIN=go1.19.8' } },
    { requirement: atLeast('1.19'), toolchain: 'local', instead: undefined },
    { requirement: undefined, toolchain: 'local', instead: undefined },
  ])('under GOTOOLCHAIN=$toolchain says what $requirement.version is built with instead: $instead.by', async (row) => {
    const env = { ...pathTo(await goRoot('1.19.8')), GOTOOLCHAIN: row.toolchain };
    const found = await finderWith().finder.findGo(asking(row.requirement, env));
    expect(found.version).toBe('1.19.8');
    if (row.instead === undefined) expect(found.instead).toBeUndefined();
    else expect(found.instead).toMatchObject(row.instead);
  });

  test('is refused if scripts of the tree would refuse it', async () => {
    const env = { ...pathTo(await goRoot('1.19.8')), GOTOOLCHAIN: 'local' };
    const asked = { ...exactly('1.21.7'), minimum: '1.20' };
    await expect(finderWith().finder.findGo(asking(asked, env))).rejects.toMatchObject({
      failures: [{ code: 'GO_SETTING', setting: 'GOTOOLCHAIN=local', why: expect.stringContaining('1.20') }],
    });
    expect((await finderWith().finder.findGo(asking({ ...asked, minimum: '1.19' }, env))).version).toBe('1.19.8');
  });
});

describe('a Go that was downloaded earlier', () => {
  test.each(['GOMODCACHE', 'GOPATH', 'HOME', 'GOENV'])('is found in the module cache by %s', async (by) => {
    const home = await mkdtemp(join(base, 'home-'));
    const modules = {
      GOMODCACHE: home,
      GOPATH: join(home, 'pkg/mod'),
      HOME: join(home, 'go/pkg/mod'),
      GOENV: join(home, 'elsewhere'),
    }[by]!;
    const goroot = await goRoot('1.21.7', join(modules, `golang.org/toolchain@v0.0.1-go1.21.7.${hostPair()}`));
    if (by === 'GOENV') await writeFile(join(home, 'env'), `GOFLAGS=-mod=mod\nGOMODCACHE=${modules}\n`);
    const env = {
      PATH: base,
      GOENV: 'off',
      ...(by === 'GOPATH'
        ? { GOPATH: `${home}${delimiter}/other` }
        : { [by]: by === 'GOENV' ? join(home, 'env') : home }),
    };
    expect((await finderWith().finder.findGo(asking(exactly('1.21.7'), env))).goroot).toBe(goroot);
  });

  test('is left to Go if it never ran', async () => {
    const host = await goRoot('1.26.8');
    const home = await mkdtemp(join(base, 'home-'));
    const goroot = await goRoot('1.21.7', join(home, `golang.org/toolchain@v0.0.1-go1.21.7.${hostPair()}`));
    await chmod(join(goroot, 'bin/go'), 0o644);
    const { finder, requests } = finderWith(async () => {
      await chmod(join(goroot, 'bin/go'), 0o755);
      return { stdout: `${goroot}\n` };
    });
    const env = { ...pathTo(host), GOMODCACHE: home, GOFLAGS: '-mod=vendor', GO111MODULE: 'off' };
    expect((await finder.findGo(asking(exactly('1.21.7'), env))).version).toBe('1.21.7');
    expect(requests).toHaveLength(1);
  });

  test("is found in slipway's cache", async () => {
    const cache = await mkdtemp(join(base, 'cache-'));
    const goroot = await goRoot('1.21.7', join(cache, `slipway/go/go1.21.7.${hostPair()}`));
    expect((await finderWith().finder.findGo(asking(exactly('1.21.7'), { XDG_CACHE_HOME: cache }))).goroot).toBe(
      goroot,
    );
  });
});

describe('a Go that Go downloads', () => {
  test('is requested outside the tree, with GOTOOLCHAIN and without settings that interfere', async () => {
    const goroot = await goRoot('1.21.7');
    const { finder, requests } = finderWith(() => ({ stdout: `${goroot}\n` }));
    const host = pathTo(await goRoot('1.26.8'));
    const messages: string[] = [];
    const env = {
      ...host,
      GOPROXY: 'https://proxy.example.org',
      GOSUMDB: 'off',
      GOFLAGS: '-mod=vendor',
      GO111MODULE: 'off',
      GOWORK: '/x',
      GOROOT: '/x',
    };
    const found = await finder.findGo({
      ...asking(exactly('1.21.7'), env),
      progress: (message) => messages.push(message),
    });
    expect(found).toEqual({ command: join(goroot, 'bin/go'), goroot, version: '1.21.7' });
    expect(requests).toEqual([
      {
        argv: [join(dirname(host['PATH']!), 'bin/go'), 'env', 'GOROOT'],
        cwd: '/',
        env: { ...host, GOPROXY: 'https://proxy.example.org', GOSUMDB: 'off', GOTOOLCHAIN: 'go1.21.7' },
      },
    ]);
    expect(messages).toEqual(['go 1.26.8 downloads go 1.21.7']);
  });

  test('a language version is requested by its first release', async () => {
    const goroot = await goRoot('1.25.0');
    const { finder, requests } = finderWith(() => ({ stdout: `${goroot}\n` }));
    await finder.findGo(asking(atLeast('1.25'), pathTo(await goRoot('1.24.1'))));
    expect(requests).toMatchObject([{ env: { GOTOOLCHAIN: 'go1.25.0' } }]);
  });

  test("gives Go's message if it is not available", async () => {
    const { finder, requests } = finderWith(() => ({
      exit: 1,
      stderr: 'go: downloading go1.99.0\ngo: download go1.99.0: 404\n\tserver response: not found\n',
    }));
    const found = finder.findGo(asking(exactly('1.99.0'), pathTo(await goRoot('1.26.8'))));
    const failure = {
      code: 'GO_UNAVAILABLE',
      version: '1.99.0',
      from: '.go-version',
      fact: 'go on PATH is 1.26.8; go: download go1.99.0: 404 server response: not found',
    };
    await expect(found).rejects.toMatchObject({ failures: [failure] });
    expect(requests).toHaveLength(1);
  });
});

describe('a dry run', () => {
  test('names the place of the toolchain, and starts nothing', async () => {
    const runner = fakeCommandRunner();
    const finder = realGoFinder({ runner, memo: memoryMemo(), offline: true });
    const asked = asking(exactly('1.99.0'), { ...pathTo(await goRoot('1.26.8')), GOMODCACHE: '/mods' });
    const found = await finder.findGo(asked);
    expect(found.absent).toBe(true);
    expect(found.command).toMatch(/^\/mods\/golang\.org\/toolchain@v0\.0\.1-go1\.99\.0\.\w+-\w+\/bin\/go$/);
    expect(runner.requests).toEqual([]);
    await expect(finder.findGo(asking(exactly('1.99.0'), { PATH: '/nowhere' }))).rejects.toMatchObject({
      failures: [{ code: 'GO_UNAVAILABLE', fact: 'a dry run downloads nothing; slipway version downloads it' }],
    });
  });
});

describe('platforms', () => {
  const toolchain: GoToolchain = { command: '/go/bin/go', goroot: '/go', version: '1.26.8' };

  test('are read once for each version, in an environment that does not affect Go', async () => {
    const memo = memoryMemo();
    const { finder, requests } = finderWith(() => ({ stdout: 'windows/amd64\nlinux/amd64\n' }), memo);
    const env = { PATH: '/bin', HOME: '/home/x', GOFLAGS: '-mod=vendor', GOOS: 'windows' };
    for (let i = 0; i < 2; i++)
      expect(await finder.listPlatforms({ toolchain, env })).toEqual(['linux/amd64', 'windows/amd64']);
    expect(requests).toEqual([
      {
        argv: ['/go/bin/go', 'tool', 'dist', 'list'],
        cwd: '/',
        env: { PATH: '/bin', HOME: '/home/x', GOTOOLCHAIN: 'local', GOENV: 'off' },
      },
    ]);
    await finder.listPlatforms({ toolchain: { ...toolchain, version: '1.21.7' }, env });
    expect(requests).toHaveLength(2);
  });

  test('of a development version, or with a read-only memo, are not cached', async () => {
    for (const [version, memo] of [
      ['devel go1.27-abc', memoryMemo()],
      ['1.26.8', readOnlyMemo(memoryMemo())],
    ] as const) {
      const { finder, requests } = finderWith(() => ({ stdout: 'linux/amd64\n' }), memo);
      for (let i = 0; i < 2; i++) await finder.listPlatforms({ toolchain: { ...toolchain, version }, env: {} });
      expect(requests).toHaveLength(2);
    }
  });

  test('of a Go with its source are read from the source, in the same format, without a process', async () => {
    const { finder, requests } = finderWith();
    const goroot = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
    const printed = execFileSync('go', ['tool', 'dist', 'list'], { encoding: 'utf8' }).trim().split('\n').sort();
    expect(await finder.listPlatforms({ toolchain: { ...toolchain, goroot }, env: {} })).toEqual(printed);
    expect(requests).toEqual([]);
  });

  test('a Go that cannot list them', async () => {
    const { finder } = finderWith(() => ({ exit: 2, stderr: 'no such tool "dist"' }));
    await expect(finder.listPlatforms({ toolchain, env: {} })).rejects.toMatchObject({
      failures: [{ code: 'COMMAND_FAILED' }],
    });
  });
});

function finderWith(program?: FakeProgram, memo = memoryMemo()) {
  const runner = fakeCommandRunner(program);
  return {
    finder: realGoFinder({ runner, memo, pinned: { version: '1.26.8', hashes: {} } }),
    requests: runner.requests,
  };
}

const asking = (requirement: GoRequirement | undefined, env: Environment) => ({
  requirement,
  variables: {},
  env,
  root: '/tree',
});

/** A directory that looks like an installed Go. */
async function goRoot(version: string, at?: string): Promise<string> {
  const goroot = at ?? join(await mkdtemp(join(base, 'goroot-')), 'go');
  for (const directory of ['bin', 'src']) await mkdir(join(goroot, directory), { recursive: true });
  await writeFile(join(goroot, 'VERSION'), `go${version}\ntime 2024-02-02T18:09:21Z\n`);
  await mkdir(join(goroot, 'src/unsafe'));
  await writeFile(join(goroot, version === '1.12.17' ? 'src/unsafe/unsafe.go' : 'src/go.mod'), 'module std\n');
  await writeFile(join(goroot, 'bin/go'), '#!/bin/sh\n', { mode: 0o755 });
  return goroot;
}

const pathTo = (goroot: string): Environment => ({ PATH: join(goroot, 'bin'), HOME: base });
