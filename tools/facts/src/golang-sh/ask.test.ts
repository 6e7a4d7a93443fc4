import { existsSync, readFileSync } from 'node:fs';
import { type CommandRunner, fakeCommandRunner, memoryMemo, realCommandRunner } from '@slipway/adapters';
import { FailureError, type Platform } from '@slipway/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../environment.ts';
import { countingRunner } from '../fixtures/worlds.ts';
import { type WrittenTree, copiedFixture, writtenTree } from '../fixtures/written-tree.ts';
import { type ScriptQuestion, askScripts } from './ask.ts';
import type { ScriptAnswer } from './answer.ts';
import { openDisk } from '../disk.ts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
const bash = findProgram('bash', environment);

const question = (root: string, more: Partial<ScriptQuestion> = {}): ScriptQuestion => ({
  root,
  host: 'linux/amd64' as Platform,
  platforms: [],
  variables: {},
  environment,
  runner: realCommandRunner(),
  memo: memoryMemo(),
  disk: openDisk(),
  ...more,
});

describe('a Kubernetes-shaped tree', { skip: bash === undefined, meta: { why: 'there is no bash' } }, () => {
  let files: WrittenTree;
  const edit = (path: string, from: string, to: string): void => {
    const text = readFileSync(`${files.root}/${path}`, 'utf8');
    expect(text).toContain(from);
    files.write({ [path]: text.replaceAll(from, to) });
  };
  const ask = async (more: Partial<ScriptQuestion> = {}): Promise<ScriptAnswer> =>
    (await askScripts(question(files.root, more)))!;
  beforeEach(() => (files = copiedFixture('kubernetes-shaped')));
  afterEach(() => files[Symbol.dispose]());

  test('gives its lists, and writes nothing', async () => {
    const answer = await ask();
    expect(answer.goPackage).toBe('shaped.example/mono');
    expect(answer.lists['KUBE_SERVER_TARGETS']).toEqual([
      'cmd/apiserver',
      'cmd/agent',
      'staging/src/shaped.example/base/runner',
    ]);
    expect(answer.lists['KUBE_SUPPORTED_CLIENT_PLATFORMS']).toEqual([
      'linux/amd64',
      'linux/arm64',
      'darwin/arm64',
      'windows/amd64',
    ]);
    expect(answer.packages).toMatchObject({
      'cmd/ctl': 'shaped.example/mono/cmd/ctl',
      looker: 'shaped.example/base/runner',
      'test/e2e/e2e.test': 'shaped.example/mono/test/e2e/e2e.test',
    });
    expect(answer.staticNames).toEqual(['apiserver', 'ctl']);
    expect(answer.fakeGopath).toBe(true);
    expect(answer.archive).toBeUndefined();
    expect(answer.describeArgs).toEqual(['--tags', '--match=v*', '--abbrev=14']);
    expect(existsSync(`${files.root}/_output`)).toBe(false);
  });

  test('gives its calls of Go', async () => {
    const flags = ['-gcflags=all=-trimpath=@CWD@ ', '-ldflags=all=@STAMPS@  -s -w', '-tags=shaped,'];
    expect((await ask()).invocations).toEqual({
      static: {
        argv: ['install', '-installsuffix=static', ...flags],
        env: { CGO_ENABLED: '0', GO111MODULE: 'on', GOPROXY: 'off' },
      },
      cgo: { argv: ['install', ...flags], env: { GO111MODULE: 'on', GOPROXY: 'off' } },
      test: { argv: ['test', '-c', ...flags], env: { GO111MODULE: 'off' } },
    });
  });

  test.each<[Record<string, string>, string[]]>([
    [{ DBG: '1' }, ['-gcflags=all=-N -l ', '-ldflags=all=@STAMPS@ ', '-tags=shaped,']],
    [
      { GOGCFLAGS: '-m', GOLDFLAGS: '-v' },
      ['-gcflags=all=-trimpath=@CWD@ -m', '-ldflags=all=@STAMPS@ -v -s -w', '-tags=shaped,'],
    ],
    [
      { GOFLAGS: '-v -tags=a,b' },
      ['-gcflags=all=-trimpath=@CWD@ ', '-ldflags=all=@STAMPS@  -s -w', '-tags=shaped,a,b'],
    ],
  ])('with %j', async (variables, flags) => {
    expect((await ask({ variables })).invocations.cgo.argv).toEqual(['install', ...flags]);
  });

  test('variables that select platforms or linkage do not narrow the answer', async () => {
    const variables = {
      KUBE_BUILD_PLATFORMS: 'linux/amd64',
      KUBE_FASTBUILD: 'true',
      KUBE_STATIC_OVERRIDES: 'agent',
      KUBE_CGO_OVERRIDES: 'ctl',
      WHAT: 'cmd/ctl',
    };
    expect(await ask({ variables })).toEqual(await ask());
  });

  test('gives the compiler of each platform, including requested ones', async () => {
    const platforms = ['plan9/386' as Platform];
    const plain = await ask({ platforms });
    expect(plain.platformEnvironments).toEqual({
      'linux/amd64': {},
      'linux/arm64': { CC: 'aarch64-linux-gnu-gcc', CGO_ENABLED: '1' },
      'darwin/arm64': {},
      'windows/amd64': {},
      'plan9/386': {},
    });
    const named = await ask({ variables: { KUBE_LINUX_ARM64_CC: 'clang' } });
    expect(named.platformEnvironments['linux/arm64']).toEqual({ CC: 'clang', CGO_ENABLED: '1' });
    const native = await ask({ host: 'linux/arm64' as Platform });
    expect(native.platformEnvironments['linux/arm64']).toEqual({});
  });

  test('gives the stamps, in order', async () => {
    const { stamps } = await ask();
    expect(stamps).toHaveLength(12);
    expect(stamps[0]).toEqual({
      name: 'buildDate',
      flag: "-X 'shaped.example/mono/vendor/shaped.example/base/version.buildDate=@buildDate@'",
    });
    expect(stamps.at(-1)).toEqual({ name: 'gitMinor', flag: "-X 'shaped.example/base/version.gitMinor=@gitMinor@'" });
  });

  test('gives the oldest Go that its scripts accept', async () => {
    expect((await ask()).minimumGo).toBeUndefined();
    const check = 'local minimum_go_version\n  minimum_go_version=go1.20\n  ';
    edit('hack/lib/golang.sh', 'verify_go_version() { ', `verify_go_version() { ${check}`);
    expect((await ask()).minimumGo).toBe('1.20');
  });

  test('an exported archive contains its version', async () => {
    edit('hack/lib/version.sh', '$Format:%H$', '0123456789abcdef0123456789abcdef01234567');
    expect((await ask()).archive).toEqual({ commit: '0123456789abcdef0123456789abcdef01234567' });
    edit('hack/lib/version.sh', '$Format:%D$', 'HEAD -> main, tag: v1.2.3');
    expect((await ask()).archive).toEqual({ commit: '0123456789abcdef0123456789abcdef01234567', version: 'v1.2.3' });
  });

  test('flags with separate values are joined', async () => {
    edit('hack/lib/golang.sh', '-tags="${tags}"', '-tags "${tags}"');
    edit('hack/lib/golang.sh', '-installsuffix=static', '-installsuffix static');
    expect((await ask()).invocations.static.argv).toEqual([
      'install',
      '-installsuffix=static',
      '-gcflags=all=-trimpath=@CWD@ ',
      '-ldflags=all=@STAMPS@  -s -w',
      '-tags=shaped,',
    ]);
  });

  test('runs once, until a script or a variable changes', async () => {
    const memo = memoryMemo();
    const runner = countingRunner();
    const first = await ask({ memo, runner });
    expect(await ask({ memo, runner })).toEqual(first);
    await ask({ memo, runner, variables: { KUBE_GIT_VERSION: 'v9' }, environment: { ...environment, OTHER: '1' } });
    expect(runner.count).toBe(1);
    await ask({ memo, runner, variables: { DBG: '1' } });
    expect(runner.count).toBe(2);
    edit('hack/lib/util.sh', '# Small things.', '# Little things.');
    await ask({ memo, runner });
    expect(runner.count).toBe(3);
  });

  test.each<[string, string, string, RegExp]>([
    [
      'a syntax error',
      'kube::golang::host_platform() {',
      'kube::golang::host_platform() }',
      /BAD_SCRIPT.*hack\/lib\/golang\.sh.*syntax error/,
    ],
    ['a command that fails', '#!/usr/bin/env bash', 'echo "no luck" >&2; false', /BAD_SCRIPT.*ended early.*no luck/],
    [
      'flags that are no stamps',
      'kube::golang::build_binaries() {',
      'kube::version::ldflags() { echo "-s"; }\nkube::golang::build_binaries() {',
      /BAD_SCRIPT.*kube::version::ldflags/,
    ],
    ['a build without go', 'kube::golang::build_for "${platform}"', 'true', /BAD_SCRIPT.*does not call go/],
  ])('%s', async (_what, from, to, message) => {
    edit('hack/lib/golang.sh', from, to);
    await expect(ask()).rejects.toThrow(message);
  });

  test('a script that never ends', async () => {
    edit('hack/lib/util.sh', '# Small things.', 'sleep 60');
    await expect(ask({ latencyBudget: 300 })).rejects.toThrow(/BAD_SCRIPT.*no answer within 0.3 seconds/);
  });

  test('an interruption is reported as such', async () => {
    edit('hack/lib/util.sh', '# Small things.', 'sleep 60');
    await expect(ask({ signal: AbortSignal.timeout(200) })).rejects.toThrow(/INTERRUPTED/);
  });

  test("a script without the expected functions is not Kubernetes'", async () => {
    edit('hack/lib/golang.sh', 'kube::golang::set_platform_envs() {', 'kube::golang::set_envs() {');
    expect(await askScripts(question(files.root))).toBeUndefined();
  });
});

describe('without running anything', () => {
  const never: CommandRunner = fakeCommandRunner(() => {
    throw new Error('started');
  });

  test.each<[string, Record<string, string>]>([
    ['no script', {}],
    [
      'a script of another make',
      { 'hack/lib/init.sh': 'exit 1', 'hack/lib/golang.sh': 'kubeedge::golang::build_binaries() { :; }' },
    ],
    ['a script without its init.sh', { 'hack/lib/golang.sh': 'kube::golang::build_binaries() { :; }' }],
  ])('%s', async (_what, files) => {
    using tree = writtenTree(files);
    expect(await askScripts(question(tree.root, { runner: never }))).toBeUndefined();
  });

  test('no bash', async () => {
    using tree = copiedFixture('kubernetes-shaped');
    const runner = fakeCommandRunner(() => {
      throw new FailureError({ code: 'TOOL_MISSING', tool: 'bash', why: '', hint: '' });
    });
    await expect(askScripts(question(tree.root, { runner }))).rejects.toThrow(
      /TOOL_MISSING.*hack\/lib\/golang.sh is bash/,
    );
  });

  test('an incomplete answer is refused', async () => {
    using tree = copiedFixture('kubernetes-shaped');
    for (const stdout of ['', '2\0list', 'x\0', '1\0done']) {
      const runner = fakeCommandRunner(() => ({ stdout }));
      await expect(askScripts(question(tree.root, { runner }))).rejects.toThrow(/BAD_SCRIPT/);
    }
  });
});
