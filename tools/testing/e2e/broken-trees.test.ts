import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EventOf, FailureCode } from '@slipway/model';
import { type ExpectedFailure, expectDone, expectFailure } from '../src/expect-failure.ts';
import { leftovers, stampOf } from '../src/listing.ts';
import { type FixtureName, type Repo, repo } from '../src/repo-rig.ts';

interface Case extends ExpectedFailure {
  readonly what: string;
  readonly fixture: FixtureName;
  readonly breakIt: (tree: Repo) => void;
  readonly args?: readonly string[];
  readonly code: FailureCode;
}

const write = (path: string, text: string | undefined) => (tree: Repo) => void tree.write({ [path]: text });
const replace = (path: string, from: string, to: string) => (tree: Repo) =>
  void tree.write({ [path]: tree.read(path).replace(from, to) });

const modules: readonly Case[] = [
  {
    what: 'an unclosed list in go.mod',
    fixture: 'plain',
    breakIt: write('go.mod', 'module plain.example/plain\n\ngo 1.21\n\nrequire (\n'),
    code: 'BAD_GO_MOD',
    says: /^go\.mod:5: .*never closed/,
    hint: 'correct go.mod:5',
  },
  {
    what: 'a line of go.mod that only Go knows to be wrong',
    fixture: 'plain',
    breakIt: replace('go.mod', 'go 1.21\n', 'go 1.21\n\nfrobnicate x\n'),
    code: 'BAD_GO_MOD',
    says: 'go.mod:5: unknown directive: frobnicate',
  },
  {
    what: 'a go.mod without a module line',
    fixture: 'plain',
    breakIt: write('go.mod', 'go 1.21\n'),
    code: 'BAD_GO_MOD',
    says: 'go.mod: there is no module line',
  },
  {
    what: 'a broken go.mod in staging',
    fixture: 'plain',
    breakIt: write('staging/src/plain.example/words/go.mod', 'modul x\n'),
    code: 'BAD_GO_MOD',
    says: 'staging/src/plain.example/words/go.mod',
  },
  {
    what: 'a broken go.work',
    fixture: 'workspace',
    breakIt: write('go.work', 'go 1.21\n\nuse (\n'),
    code: 'BAD_GO_MOD',
    says: /^go\.work:3: /,
  },
  {
    what: 'a go.work that uses what is not there',
    fixture: 'workspace',
    breakIt: replace('go.work', './cli', './nowhere'),
    code: 'BAD_GO_MOD',
    says: 'go.work: uses nowhere',
  },
  {
    what: 'a module of go.work that Go refuses',
    fixture: 'workspace',
    breakIt: replace('cli/go.mod', 'go 1.21', 'go 1.21\n\nreplace x'),
    code: 'BAD_GO_MOD',
    says: /^cli\/go\.mod:5: usage: replace/,
  },
  {
    what: 'no vendor directory',
    fixture: 'vendored',
    breakIt: write('vendor', undefined),
    code: 'VENDOR_MISSING',
    says: 'outside.example/greet',
    hint: 'go mod vendor',
  },
  {
    what: 'no vendor directory, as the scripts call Go',
    fixture: 'vendored',
    breakIt: write('vendor', undefined),
    args: ['kubectl', '--profile', 'make'],
    code: 'VENDOR_MISSING',
    says: 'outside.example/greet',
  },
  {
    what: 'a package that is not vendored',
    fixture: 'vendored',
    breakIt: write('vendor/outside.example', undefined),
    code: 'VENDOR_MISSING',
    says: 'outside.example/greet',
  },
  {
    what: 'vendor/ of other versions than go.mod',
    fixture: 'vendored',
    breakIt: replace('go.mod', 'v1.2.3', 'v1.2.4'),
    code: 'VENDOR_MISSING',
    says: 'outside.example/greet@v1.2.4',
    hint: 'git checkout -- vendor',
  },
];

const descriptions: readonly Case[] = [
  {
    what: 'a slipway.config.ts that throws',
    fixture: 'configured',
    breakIt: write('slipway.config.ts', "throw new Error('my mistake');\n"),
    code: 'BAD_CONFIG',
    says: 'slipway.config.ts: Error: my mistake',
    hint: 'slipway init',
  },
  {
    what: 'one that is cut off',
    fixture: 'configured',
    breakIt: write('slipway.config.ts', 'export default {\n  sets: {\n'),
    code: 'BAD_CONFIG',
    says: 'SyntaxError',
  },
  {
    what: 'one with an unknown field',
    fixture: 'configured',
    breakIt: replace('slipway.config.ts', 'static:', 'statik:'),
    code: 'BAD_CONFIG',
    says: 'statik is not a field; did you mean static?',
  },
  {
    what: 'one that lists what is not there',
    fixture: 'configured',
    breakIt: replace('slipway.config.ts', 'programs/gate', 'programs/gates'),
    code: 'BAD_CONFIG',
    says: 'sets.client.targets names programs/gates',
  },
  {
    what: 'one with a platform that is none',
    fixture: 'configured',
    breakIt: replace('slipway.config.ts', 'darwin/arm64', 'darwin'),
    code: 'BAD_CONFIG',
    says: 'not of the form os/arch',
  },
  {
    what: 'a golang.sh that fails',
    fixture: 'vendored',
    breakIt: replace('hack/lib/golang.sh', 'readonly', 'echo "cannot go on" >&2\nexit 3\nreadonly'),
    code: 'BAD_SCRIPT',
    says: 'cannot go on',
    hint: "bash -c 'source hack/lib/golang.sh'",
  },
  {
    what: 'a golang.sh bash cannot read',
    fixture: 'vendored',
    breakIt: replace('hack/lib/golang.sh', 'readonly', 'if then\nreadonly'),
    code: 'BAD_SCRIPT',
    says: 'syntax error',
  },
  {
    what: 'a tree without commands',
    fixture: 'workspace',
    breakIt: (tree) => void tree.write({ 'cli/main.go': undefined, 'server/cmd': undefined }),
    code: 'NO_COMMANDS',
    hint: 'slipway init',
  },
];

describe.concurrent('a tree with an error in itself', () => {
  test.for([...descriptions, ...modules])(
    '$what is $code',
    async ({ fixture, breakIt, args = ['all'], code, ...expected }) => {
      await using tree = repo(fixture);
      breakIt(tree);
      expectFailure(await tree.slipway(args), code, expected);
      expect(existsSync(tree.path('_output/local/bin'))).toBe(false);
    },
  );
});

const mistake = 'package main\n\nfunc main() { nothing() }\n';

describe('a command that does not compile', () => {
  test("is shown with Go's whole output and no call before it; earlier good outputs stay", async () => {
    await using tree = repo('plain');
    expectDone(await tree.slipway(['all']));
    const before = ['a', 'b'].map((name) => stampOf(tree.path(tree.published(name))));
    tree.write({ 'cmd/b/b.go': mistake, 'cmd/a/more.go': 'package main\n\nfunc init() { println("new") }\n' });
    const failed = await tree.slipway(['all']);
    expectFailure(failed, 'COMMAND_FAILED', {
      says: /^cmd\/b\/b\.go:3:15: undefined: nothing\n  build a, b for .* ended with 1$/,
      hint: 'correct cmd/b/b.go:3',
    });
    expect(failed.stdout).toContain('cmd/b/b.go:3:15: undefined: nothing');
    expect(failed.stdout).toMatch(/^failed +build a, b for .*\n# plain\.example\/plain\/cmd\/b\ncmd\/b\/b\.go:3/m);
    expect(failed.stdout).toMatch(/^skipped +publish 2 files .* it needs "build a, b for .*", which failed$/m);
    expect(failed.stdout).not.toContain('go-build:');
    expect(['a', 'b'].map((name) => stampOf(tree.path(tree.published(name))))).toEqual(before);
    expect(leftovers(tree.path('_output'))).toEqual([]);
  });

  test('with -k stops only its dependents, and without it all later steps', async () => {
    await using tree = repo('vendored');
    tree.write({ 'cmd/kube-apiserver/main.go': mistake });
    const what = 'WHAT=cmd/kube-apiserver cmd/kubectl cmd/kubelet';
    expectFailure(await tree.slipway(['all', what]), 'COMMAND_FAILED');
    for (const name of ['kube-apiserver', 'kubectl', 'kubelet'])
      expect(existsSync(tree.path(tree.published(name))), name).toBe(false);
    expectFailure(await tree.slipway(['all', '-k', what]), 'COMMAND_FAILED', { says: 'kube-apiserver, kubectl' });
    expect(tree.output(tree.published('kubelet'))).toMatch('hello from kubelet');
    expect(existsSync(tree.path(tree.published('kube-apiserver')))).toBe(false);
  });
});

describe('-k with one broken command of six in one call of Go', () => {
  const good = ['a', 'b', 'c', 'd', 'e'];
  const program = (name: string): string => `package main\n\nfunc main() { println("hello from ${name}") }\n`;
  const broken: readonly [string, string][] = [
    ['does not compile', mistake],
    ['imports what is nowhere', 'package main\n\nimport _ "plain.example/plain/nowhere"\n\nfunc main() {}\n'],
    ['does not parse', 'package main\n\nfunc main( {}\n'],
  ];

  test.for(broken)('%s: five are published and recorded, and the next run finds them fresh', async ([, text]) => {
    await using tree = repo('plain');
    for (const name of ['c', 'd', 'e']) tree.write({ [`cmd/${name}/main.go`]: program(name) });
    tree.write({ 'cmd/f/main.go': text });
    const failed = await tree.slipway(['all', '-k', '--explain']);
    expectFailure(failed, 'COMMAND_FAILED');
    expect(failed.stdout).toContain('cmd/f/main.go:3');
    for (const name of good) expect(tree.output(tree.published(name))).toMatch(`hello from ${name}`);
    expect(existsSync(tree.path(tree.published('f')))).toBe(false);
    tree.write({ 'cmd/f/main.go': program('f') });
    const { stdout, exit } = await tree.slipway(['all', '--json']);
    expect(exit).toBe(0);
    const parts = stdout
      .split('\n')
      .filter((line) => line.includes('"step-finished"'))
      .flatMap((line) => (JSON.parse(line) as EventOf<'step-finished'>).outcome.parts ?? []);
    expect(Object.fromEntries(parts.map(({ name, is }) => [name, is]))).toEqual({
      ...Object.fromEntries(good.map((name) => [name, 'fresh'])),
      f: 'ran',
    });
    expect(tree.output(tree.published('f'))).toMatch('hello from f');
  });
});

describe('another kind of file is where a result belongs', () => {
  interface InTheWay {
    readonly what: string;
    readonly place: (tree: Repo) => string;
    readonly kind: 'directory' | 'file';
    readonly args?: readonly string[];
  }
  const cases: readonly InTheWay[] = [
    { what: 'a directory with the name of a binary', place: (tree) => tree.published('a'), kind: 'directory' },
    { what: "a directory with the name of Go's binary", place: () => '_output/local/go/bin/a', kind: 'directory' },
    { what: 'a directory with the name of the link', place: () => '_output/bin', kind: 'directory' },
    { what: 'a file with the name of a directory', place: () => '_output/local/bin', kind: 'file' },
    { what: 'a file with the name of the output', place: () => '_output', kind: 'file' },
    { what: 'OUT_DIR below a file', place: () => 'a-file', kind: 'file', args: ['all', 'OUT_DIR=a-file/out'] },
  ];

  test.for(cases)('$what is named, and stays', async ({ place, kind, args = ['all'] }) => {
    await using tree = repo('plain');
    const path = place(tree);
    if (kind === 'file') tree.write({ [path]: 'precious\n' });
    else mkdirSync(tree.path(path, 'precious'), { recursive: true });
    expectFailure(await tree.slipway(args), 'NOT_WRITABLE', { says: tree.path(path), hint: 'OUT_DIR=' });
    if (kind === 'file') expect(readFileSync(tree.path(path), 'utf8')).toBe('precious\n');
    else expect(existsSync(tree.path(path, 'precious'))).toBe(true);
  });

  test('clean removes from a named OUT_DIR only the files of slipway', async () => {
    await using tree = repo('plain');
    tree.write({ '../shared/mine.txt': 'precious\n' });
    expectDone(await tree.slipway(['b', 'OUT_DIR=../shared']));
    expectDone(await tree.slipway(['clean', 'OUT_DIR=../shared']));
    expect(tree.read('../shared/mine.txt')).toBe('precious\n');
    expect(existsSync(tree.path('../shared/local'))).toBe(false);
  });
});

test('a tree of 500 characters builds with a short OUT_DIR; without one, the error names the limit', async () => {
  await using tree = repo('plain', ['l'.repeat(200), 'o'.repeat(200), 'n'.repeat(90)].join('/'));
  expect(tree.dir.length).toBeGreaterThanOrEqual(500);
  expectFailure(await tree.slipway(['all']), 'NOT_WRITABLE', {
    says: /_output\/local\/\.lock cannot be written: it has \d+ bytes, and SQLite, .* no path of more than 504/,
    hint: /^choose another place, whose path is short: OUT_DIR=/,
  });
  const out = `${tree.base}/out`;
  expectDone(await tree.slipway(['all', `OUT_DIR=${out}`]));
  expect(tree.output(`${out}/bin/a`)).toMatch('hello from a');
});
