import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FailureCode, Plan } from '@slipway/model';
import { type ExpectedFailure, expectDone, expectFailure } from '../src/expect-failure.ts';
import { readBinary } from '@slipway/adapters';
import { type Repo, repo } from '../src/repo-rig.ts';
import { slipwayInShell, startProcess } from '../src/slipway-process.ts';

interface Case extends ExpectedFailure {
  readonly typed: string;
  readonly code: FailureCode;
}

describe.concurrent('an unknown word is reported, with the nearest known one', () => {
  const cases: readonly Case[] = [
    { typed: 'crosss', code: 'UNKNOWN_TARGET', says: 'unknown target: crosss', hint: 'did you mean cross?' },
    { typed: 'kubectll', code: 'UNKNOWN_TARGET', hint: 'did you mean kubectl?' },
    { typed: 'help cros', code: 'UNKNOWN_TARGET', hint: 'did you mean cross?' },
    { typed: 'release audt', code: 'UNKNOWN_TARGET', says: 'unknown target: audt' },
    { typed: 'all WAHT=cmd/kubectl', code: 'UNKNOWN_VARIABLE', says: 'WAHT', hint: 'did you mean WHAT?' },
    { typed: 'all KUBE_BUILD_PLATFORM=x', code: 'UNKNOWN_VARIABLE', hint: 'did you mean KUBE_BUILD_PLATFORMS?' },
    { typed: 'all --dry-runn', code: 'UNKNOWN_FLAG', says: '--dry-runn', hint: 'did you mean --dry-run?' },
    { typed: 'all -Z', code: 'UNKNOWN_FLAG', says: '-Z' },
    { typed: 'all --profile', code: 'BAD_USAGE', says: '--profile needs a word after it' },
    { typed: 'all --profile fast', code: 'BAD_VALUE', hint: 'dev, release, make' },
    { typed: 'all DBG=yes', code: 'BAD_VALUE', says: 'DBG: yes', hint: '1 or nothing' },
    { typed: 'all SOURCE_DATE_EPOCH=today', code: 'BAD_VALUE', hint: 'seconds since 1970' },
    {
      typed: 'all KUBE_BUILD_PLATFORMS=linux/amd46',
      code: 'UNKNOWN_PLATFORM',
      says: 'linux/amd46',
      hint: 'did you mean linux/amd64?',
    },
    { typed: 'push-images KUBE_DOCKER_REGISTRY=https://x', code: 'BAD_VALUE', hint: 'HOST[:PORT][/PATH]' },
    { typed: 'load-images KUBE_DOCKER_IMAGE_TAG=a/b', code: 'BAD_VALUE', hint: 'a tag' },
    { typed: 'why cmd/kubectll', code: 'BAD_USAGE', says: 'cmd/kubectll', hint: 'did you mean cmd/kubectl?' },
    { typed: 'all --sync tar', code: 'BAD_USAGE', hint: 'slipway run --sync NAME' },
    { typed: 'run --sync tap', code: 'BAD_VALUE', hint: 'tar, rsync, rsync-exec, bind' },
    { typed: 'all KUBE_BUILD_PLATFORMS=linux', code: 'UNKNOWN_PLATFORM', says: 'linux is not a platform' },
    { typed: 'cross KUBE_BUILD_PLATFORMS=plan9/386', code: 'UNKNOWN_PLATFORM', says: 'plan9/386' },
    { typed: 'all WHAT=cmd/kubctl', code: 'UNKNOWN_WHAT', hint: 'did you mean cmd/kubectl?' },
    { typed: 'all WHAT=nothing/like/it', code: 'UNKNOWN_WHAT', hint: 'slipway help' },
    { typed: 'all WHAT=test/nowhere/x.test', code: 'UNKNOWN_WHAT', says: 'test/nowhere/x.test' },
    { typed: 'all OUT_DIR=.', code: 'BAD_VALUE', says: 'OUT_DIR' },
    { typed: 'all GO_VERSION=one', code: 'BAD_VALUE', hint: '1.21.7' },
    { typed: 'all KUBE_GIT_VERSION_FILE=nowhere', code: 'BAD_VERSION_FILE', says: 'the file does not exist' },
    { typed: '-C nowhere all', code: 'BAD_VALUE', says: '-C: nowhere', hint: 'a directory that exists' },
    { typed: '-C Makefile all', code: 'BAD_VALUE', says: '-C: Makefile' },
    { typed: '-C .. all', code: 'NO_TREE', hint: 'slipway -C DIR' },
    { typed: 'all version', code: 'BAD_USAGE', says: 'version cannot be combined' },
    { typed: 'completion tcsh', code: 'BAD_USAGE', says: 'bash, zsh, fish' },
    { typed: 'cache show', code: 'BAD_USAGE', says: 'cache show needs the key of a record' },
    { typed: 'cache key nowhere/writer.pem', code: 'FILE_MISSING', says: 'slipway would write a new key there' },
    { typed: 'nx-cache -- no-such-program', code: 'TOOL_MISSING', says: 'no-such-program is not installed' },
    { typed: 'completion bash zsh', code: 'BAD_USAGE', says: 'at most 1 word after it; zsh is one too many' },
    { typed: 'cache prune now', code: 'BAD_USAGE', says: 'now is one too many', hint: 'slipway help cache' },
    { typed: 'stats now', code: 'BAD_USAGE', says: 'takes no words after it' },
    { typed: 'compare here', code: 'BAD_USAGE', says: 'two directories' },
  ];

  let tree: Repo;
  beforeAll(() => void (tree = repo('vendored')));
  afterAll(() => tree[Symbol.asyncDispose]());

  test.for(cases)('slipway $typed', async ({ typed, code, ...expected }) => {
    expectFailure(await tree.slipway(typed.split(' ')), code, expected);
    expect(existsSync(tree.path('_output'))).toBe(false);
  });

  test('all errors are reported at once', async () => {
    const { exit, stderr } = await tree.slipway(['all', 'WAHT=x', '--profil', 'DBG=2']);
    expect(exit).toBe(2);
    expect([...stderr.matchAll(/\[(\w+)\]/g)].map((match) => match[1]).sort()).toEqual([
      'BAD_VALUE',
      'UNKNOWN_FLAG',
      'UNKNOWN_VARIABLE',
    ]);
    const both = await tree.slipway(['all', 'WHAT=cmd/kubctl cmd/kublet', 'KUBE_BUILD_PLATFORMS=linux/amd46']);
    expect([...both.stderr.matchAll(/\[(\w+)\]/g)].map((match) => match[1]).sort()).toEqual([
      'UNKNOWN_PLATFORM',
      'UNKNOWN_WHAT',
      'UNKNOWN_WHAT',
    ]);
  });
});

describe('words that the old scripts understood in another way', () => {
  test('a WHAT with a trailing slash is the same command, without cgo', async () => {
    await using tree = repo('vendored');
    const spellings = [
      'cmd/kubectl/',
      './cmd/kubectl',
      'kubectl',
      'shape.example/shape/cmd/kubectl',
      tree.path('cmd/kubectl'),
    ];
    for (const what of spellings) {
      const plan = JSON.parse((await tree.slipway(['-n', '--json', 'all', `WHAT=${what}`])).stdout) as Plan;
      const build = plan.steps.find((step) => step.kind === 'exec');
      expect(build?.argv.at(-1), what).toBe('shape.example/shape/cmd/kubectl');
      expect(build?.env, what).toMatchObject({ CGO_ENABLED: '0' });
    }
    expectDone(await tree.slipway(['all', 'WHAT=cmd/kubectl/ cmd/kubelet/']));
    const kubectl = await readBinary(tree.path(tree.published('kubectl')));
    expect(kubectl.goBuildInfo?.settings).toMatchObject({ CGO_ENABLED: '0' });
    const kubelet = await readBinary(tree.path(tree.published('kubelet')));
    expect(kubelet.goBuildInfo?.settings).toMatchObject({ CGO_ENABLED: '1' });
  });

  test('two commands of one name stop a build before it begins, and the line in the hint makes their names different', async () => {
    await using tree = repo('plain');
    tree.write({ 'operator/cmd/a/a.go': 'package main\n\nfunc main() { println("the other a") }\n' });
    for (const words of [
      ['all'],
      ['cross'],
      ['quick-release', '--without-docker'],
      ['all', 'WHAT=cmd/a operator/cmd/a'],
    ])
      expectFailure(await tree.slipway(words), 'NAME_TAKEN', {
        says: 'cmd/a and operator/cmd/a',
        hint: "targets: [{ path: 'operator/cmd/a', name: 'operator-a' }]",
      });
    expect(existsSync(tree.path('_output'))).toBe(false);
    tree.write({
      'slipway.config.ts': "export default { targets: [{ path: 'operator/cmd/a', name: 'operator-a' }] };\n",
    });
    expectDone(await tree.slipway(['all', 'WHAT=cmd/a operator/cmd/a']));
    expect(tree.output('_output/bin/operator-a')).toBe('the other a');
    expect(tree.output('_output/bin/a')).not.toBe('the other a');
  });
});

test('a reader that closes the pipe ends an answer quietly, and a build as an interruption', async () => {
  await using tree = repo('plain');
  const statusOf = (words: string, reader: string): string =>
    `${slipwayInShell()} ${words} | ${reader}; echo "\${PIPESTATUS[0]}"`;
  const inShell = async (...lines: string[]) =>
    startProcess('bash', ['-c', lines.join('; ')], { cwd: tree.dir, env: tree.env }).ended;
  const answered = await inShell(statusOf('help', 'head -1'), statusOf('-n all', 'true'));
  expect(answered).toMatchObject({
    stdout: expect.stringMatching(/^slipway \[-C DIR\] TARGET… \[VAR=value…\] \[flags\].*\n0\n0\n$/),
    stderr: '',
  });
  const cut = await inShell(statusOf('all', 'true'));
  expect(cut).toMatchObject({ stdout: '130\n', stderr: expect.stringContaining('SIGPIPE [INTERRUPTED]') });
  expectDone(await tree.slipway(['all']));
  expect(await inShell(statusOf('all', 'true'))).toMatchObject({ stdout: '0\n', stderr: '' });
});

test('a log on a full disk', async () => {
  await using tree = repo('plain');
  const { stderr } = await startProcess('bash', ['-c', `${slipwayInShell()} help > /dev/full; echo "$?" >&2`], {
    cwd: tree.dir,
    env: tree.env,
  }).ended;
  expect(stderr).toMatch(/^slipway: no space is left on the disk of standard output \[DISK_FULL\]\n.*\n1\n$/);
});
