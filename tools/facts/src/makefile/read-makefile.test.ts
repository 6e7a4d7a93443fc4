import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { memoryMemo } from '@slipway/adapters';
import type { Platform, Tree } from '@slipway/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { countingRunner, readHere, treeWorld } from '../fixtures/worlds.ts';
import { type WrittenTree, mainGo, writtenTree } from '../fixtures/written-tree.ts';
import { readTree } from '../read-tree.ts';
import { openDisk } from '../disk.ts';
import { findProgram } from '../environment.ts';
import { formatConfig } from '../format-config.ts';
import { askMake } from './ask-make.ts';
import { askedValues } from './asked-values.ts';
import { shapes } from './shaped-trees.ts';

const make = findProgram('make', { PATH: process.env['PATH'] ?? '' });
const withMake = { skip: make === undefined, meta: { why: 'there is no make' } };

const closes =
  spawnSync('unshare', [
    ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
    '--mount',
    '--net',
    '--pid',
    '--fork',
    'true',
  ]).status === 0;
const closable = { skip: !closes, meta: { why: 'namespaces of mounts are not to be had here' } };

function shaped(files: Readonly<Record<string, string>>): WrittenTree {
  const tree = writtenTree(files);
  onTestFinished(() => tree[Symbol.dispose]());
  for (const path of Object.keys(files)) if (path.endsWith('.sh')) chmodSync(join(tree.root, path), 0o755);
  return tree;
}

const shipped = (tree: Tree): string[] =>
  tree.allTargets.map((target) => {
    const { name, own } = tree.commands.find((command) => command.target === target)!;
    return [target, name, ...(own?.tags ?? []), ...(own?.platforms ?? [])].join(' ');
  });
const notes = (tree: Tree): string[] => (tree.leftOut ?? []).map(({ what, why }) => `${what}: ${why}`);
const git = (root: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

function committed(root: string): void {
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, '-c', 'user.name=n', '-c', 'user.email=e@e', 'commit', '-qm', 'one');
  git(root, 'tag', 'v1.4.0-rc.1');
  git(root, '-c', 'user.name=n', '-c', 'user.email=e@e', 'commit', '-q', '--allow-empty', '-m', 'two');
}

describe('a tree without a configuration is built as its Makefile builds it', withMake, () => {
  test('the goals of commands give their names, and commands without a goal are left out with a note', async () => {
    const tree = await readHere(shaped(shapes.scripted).root);
    expect(shipped(tree)).toEqual(['cmd/agent mono-agent', 'cmd/monoctl monoctl']);
    expect(notes(tree)).toContainEqual(
      expect.stringMatching(/^cmd\/gen-docs: left out, as make all does not build it/),
    );
    expect(tree).toMatchObject({ withoutCgo: 'make all', staticNames: ['mono-agent', 'monoctl'] });
  });

  test('slipway asks again for a stamp that depends on the commit, keeps others as text, and leaves out those without a variable', async () => {
    const { stamps } = await readHere(shaped(shapes.scripted).root);
    const path = 'shaped.example/mono/pkg/version';
    expect(stamps).toEqual([
      { name: 'gitVersion', flag: `-X '${path}.gitVersion=@asked:${path}.gitVersion@'` },
      { name: 'gitCommit', flag: `-X '${path}.gitCommit=@asked:${path}.gitCommit@'` },
      { name: 'text', flag: `-X '${path}.flavor=plain'` },
    ]);
  });

  test('a hack/lib/golang.sh of another kind changes nothing', async () => {
    const { root } = shaped({ ...shapes.scripted, 'hack/lib/golang.sh': 'other::build() { :; }\n' });
    expect(shipped(await readHere(root))).toEqual(['cmd/agent mono-agent', 'cmd/monoctl monoctl']);
  });

  test('commands of several modules lose the platform in their names, and have the platforms of the calls', async () => {
    const tree = await readHere(shaped(shapes.modules).root);
    expect(shipped(tree)).toEqual(['cmd/controller controller linux/amd64 linux/arm64', 'cmd/webhook webhook']);
  });

  test('a pattern in a loop names its matches, and a version may contain the version of a module', async () => {
    const tree = shaped(shapes.patterns);
    committed(tree.root);
    const known = await readHere(tree.root);
    expect(shipped(known)).toEqual(['cmd/one one', 'cmd/two two']);
    expect(notes(known)).toContainEqual(expect.stringMatching(/^tool: left out, as make build/));
    expect(await values(known)).toEqual({
      'lib.example/base/version.Version': `v1.36.0+two-${git(tree.root, 'describe', '--tags')}`,
    });
  });

  test('one command has its own tags and is static, and an unused flag is reported', async () => {
    const tree = await readHere(shaped(shapes.shim).root);
    expect(shipped(tree)).toEqual(['cmd/ctr ctr', 'cmd/shim shim no_grpc']);
    expect(tree).toMatchObject({ staticNames: ['shim'], linkedAlike: true });
    expect(tree.invocations.cgo.argv).toContain('-tags=no_docs');
    expect(notes(tree)).toContain('-buildmode=pie: make binaries gives it to Go, and slipway does not');
  });
});

test(
  'variables that change what a call compiles apply to its command, and slipway reports those it cannot apply',
  withMake,
  async () => {
    const { root } = shaped({
      'go.mod': 'module m\n\ngo 1.22\n',
      'cmd/a/main.go': mainGo,
      'cmd/b/main.go': mainGo,
      Makefile: [
        'all:',
        '\tGOOS=linux GOARCH=amd64 GOAMD64=v2 go build -o bin/a ./cmd/a',
        '\tGOOS=linux GOARCH=arm GOARM=7 go build -o bin/a ./cmd/a',
        '\tGOOS=linux GOARCH=arm GOARM=6 go build -o bin/a6 ./cmd/a',
        '\tGOFLAGS=-race GOAMD64=v3 go build -o bin/b ./cmd/b',
      ].join('\n'),
    });
    const tree = await readHere(root);
    expect(tree.commands.map(({ name, own }) => [name, own?.env])).toEqual([
      ['a', { GOAMD64: 'v2', GOARM: '7' }],
      ['b', { GOAMD64: 'v3' }],
    ]);
    expect(notes(tree).filter((note) => note.includes('gives it to Go'))).toEqual([
      'GOFLAGS=-race: make all gives it to Go, and slipway does not',
      'GOARM=6: make all gives it to Go, and slipway does not',
    ]);
  },
);

describe('with a configuration', withMake, () => {
  const configured = (text: string): Promise<Tree> =>
    readHere(shaped({ ...shapes.scripted, 'slipway.config.ts': `export default ${text};\n` }).root);

  test('the Makefile fills in what the configuration leaves out', async () => {
    const tree = await configured(
      "{ exclude: ['cmd/monoctl'], targets: [{ path: 'cmd/agent', tags: ['t'] }], stamps: { 'pkg/version.gitCommit': '{commit}' } }",
    );
    expect(shipped(tree)).toEqual(['cmd/agent mono-agent t']);
    expect(tree.stamps.map(({ flag }) => flag.replace(/^.*version\./, ''))).toEqual([
      "gitVersion@'",
      "flavor=plain'",
      "gitCommit=@gitCommit@'",
    ]);
  });

  test('make does not run if the configuration names sets', async () => {
    const tree = await configured("{ sets: { client: { targets: ['cmd/agent'] } } }");
    expect(shipped(tree)).toEqual(['cmd/agent agent']);
    expect(tree.makefiles).toBeUndefined();
  });

  test('the configuration that init writes gives the same tree', async () => {
    const files = shaped(shapes.scripted);
    const before = await readHere(files.root);
    const text = formatConfig(before);
    expect(text).toContain('// make all says what is built');
    files.write({ 'slipway.config.ts': text });
    const after = await readHere(files.root);
    expect(shipped(after)).toEqual(shipped(before));
    expect(after).toMatchObject({ stamps: before.stamps, staticNames: before.staticNames });
  });
});

const values = (tree: Tree, more: Partial<ReturnType<typeof treeWorld>> = {}) =>
  askedValues({ tree, host: 'linux/amd64' as never, seconds: 1_700_000_000, services: { ...treeWorld(), ...more } });

describe('the stamps', withMake, () => {
  test("equal the scripts' stamps, and change with the commit", async () => {
    const tree = shaped(shapes.scripted);
    committed(tree.root);
    const known = await readHere(tree.root);
    const path = 'shaped.example/mono/pkg/version';
    const now = () => ({
      [`${path}.gitVersion`]: git(tree.root, 'describe', '--tags', '--match', 'v*', '--abbrev=10'),
      [`${path}.gitCommit`]: git(tree.root, 'rev-parse', '--short=9', 'HEAD'),
    });
    expect(await values(known)).toMatchObject(now());
    git(tree.root, 'tag', 'v1.4.0');
    expect(await values(known)).toMatchObject({ [`${path}.gitVersion`]: 'v1.4.0' });
    tree.write({ 'new.go': 'package mono\n' });
    expect(await values(known)).toMatchObject({ [`${path}.gitVersion`]: 'v1.4.0-dirty' });
  });

  test('are not computed again while git gives the same answers', async () => {
    const tree = shaped(shapes.scripted);
    committed(tree.root);
    const known = await readHere(tree.root);
    const services = { memo: memoryMemo(), runner: countingRunner() };
    await values(known, services);
    const first = services.runner.count;
    await values(known, services);
    const questions = services.runner.count - first;
    expect(questions).toBe(first - 1);
    git(tree.root, 'tag', 'v1.4.0');
    expect(await values(known, services)).toMatchObject({ 'shaped.example/mono/pkg/version.gitVersion': 'v1.4.0' });
  });
});

describe('make', withMake, () => {
  test('runs once, and again after a script changed', async () => {
    const tree = shaped(shapes.scripted);
    const services = treeWorld({ runner: countingRunner() });
    const read = async () => {
      await readTree({ root: tree.root, variables: {}, services: { ...services, disk: openDisk() } });
      return (services.runner as ReturnType<typeof countingRunner>).count;
    };
    const first = await read();
    expect(await read()).toBe(first);
    tree.write({ 'hack/util.sh': 'util::ldflags() { :; }\n' });
    expect(await read()).toBe(2 * first);
  });

  test('of a make that gave no answer in time is done again by the next run, although no file changed', async () => {
    const { root } = shaped({ Makefile: 'all: ; while :; do :; done\n', 'go.mod': 'module m\n' });
    const runner = countingRunner();
    const ask = (): Promise<unknown> =>
      askMake({
        ...{
          ...services,
          runner,
          root,
          disk: openDisk(),
          host: 'linux/amd64' as Platform,
          environment: world,
          longest: 1500,
        },
        copied: { file: 'Makefile', files: ['Makefile'], directories: [], empty: [] },
      });
    const services = { memo: memoryMemo() };
    const world = { PATH: process.env['PATH'] ?? '' };
    const said = await ask();
    expect(said).toEqual({ late: 'no answer within 1.5 seconds; the next run asks again' });
    const asked = runner.count;
    expect(await ask()).toEqual(said);
    expect(runner.count).toBe(2 * asked);
  });

  test('runs no real program, and writes nothing in the tree', async () => {
    const tree = shaped({
      ...shapes.scripted,
      Makefile: [
        'all: ; curl -o got https://nobody.example; docker build .; sudo touch root; rm -rf pkg; echo x > made; go run ./cmd/agent',
        '\tgit commit -m x; git tag v9; cp Makefile copy; cd cmd/agent; go build -o ../../agent .',
      ].join('\n'),
    });
    committed(tree.root);
    const before = [readdirSync(tree.root), git(tree.root, 'tag'), git(tree.root, 'rev-parse', 'HEAD')];
    const known = await readHere(tree.root);
    expect(shipped(known)).toEqual(['cmd/agent agent']);
    expect([readdirSync(tree.root), git(tree.root, 'tag'), git(tree.root, 'rev-parse', 'HEAD')]).toEqual(before);
    expect(git(tree.root, 'status', '--porcelain')).toBe('');
  });

  test('does not write outside with a program by its absolute path either', closable, async () => {
    const outside = shaped({ kept: 'kept' });
    const touch = findProgram('touch', { PATH: process.env['PATH'] ?? '' })!;
    const rm = findProgram('rm', { PATH: process.env['PATH'] ?? '' })!;
    const tree = shaped({
      ...shapes.scripted,
      Makefile: `all:\n\t${touch} ${outside.root}/harm\n\t${rm} -f ${outside.root}/kept\n\tgo build -o bin/agent ./cmd/agent\n`,
    });
    expect(shipped(await readHere(tree.root))).toEqual(['cmd/agent agent']);
    expect(readdirSync(outside.root)).toEqual(['kept']);
  });

  test('does not run with --no-config, or in a tree that the user does not trust', async () => {
    const { root } = shaped(shapes.scripted);
    const allow = (): never => {
      throw new Error('not trusted');
    };
    const code = { conventionsOnly: true, allow, allowGit() {} };
    const tree = await readTree({ root, variables: {}, services: treeWorld({ code }) });
    expect(shipped(tree)).toContain('cmd/agent agent');
    await expect(
      readTree({ root, variables: {}, services: treeWorld({ code: { ...code, conventionsOnly: false } }) }),
    ).rejects.toThrow('not trusted');
  });

  test.each<[string, string, RegExp]>([
    [
      'a program that is not here',
      'all: ; [ -n "$(shell yq .a b)" ] || go build -o bin/a ./cmd/agent',
      /yq is not installed/,
    ],
    [
      'another command in another commit',
      'all: ; [ -n "$(shell git status --porcelain)" ] || go build -o a ./cmd/agent',
      /other commands/,
    ],
  ])('says why it is no answer: %s', async (_what, makefile, why) => {
    const { root } = shaped({ ...shapes.scripted, Makefile: `${makefile}\n` });
    const tree = await readTree({
      root,
      variables: {},
      services: treeWorld({ environment: { PATH: withoutYq(root) } }),
    });
    expect(notes(tree)).toContainEqual(expect.stringMatching(why));
    expect(shipped(tree)).toContain('cmd/agent agent');
  });

  test.each<[string, string, string]>([
    ['of a file that make does not see', 'v=$(shell cat notes.md)', 'something only go list knows'],
    ['that differs from command to command', 'v=$@', 'several values'],
  ])('stamps no value %s, and says so', async (_what, variable, why) => {
    const { root } = shaped({
      'go.mod': 'module m\n\ngo 1.22\n',
      'notes.md': 'one',
      'cmd/a/main.go': mainGo.replace('func', 'var v string\n\nfunc'),
      'cmd/b/main.go': mainGo.replace('func', 'var v string\n\nfunc'),
      Makefile: `all: a b\na b: ; go build -ldflags "-X main.${variable}" -o $@ ./cmd/$@\n`,
    });
    const tree = await readHere(root);
    expect(tree.stamps).toEqual([]);
    expect(notes(tree)).toContainEqual(expect.stringContaining(why));
  });

  test('is optional, and slipway reports if it is missing', async () => {
    const { root } = shaped(shapes.scripted);
    const tree = await readTree({ root, variables: {}, services: treeWorld({ environment: { PATH: '/absent' } }) });
    expect(notes(tree)).toContain('Makefile: not asked how it builds: bash is not installed');
    expect(tree.unasked).toBe('Makefile was not asked how it builds: bash is not installed');
  });
});

/** A PATH with all programs except yq. */
function withoutYq(root: string): string {
  const dir = join(root, '..', `${root.split('/').at(-1)}-bin`);
  mkdirSync(dir);
  for (const from of (process.env['PATH'] ?? '')
    .split(':')
    .filter((each) => each.startsWith('/usr') || each === '/bin'))
    for (const name of readdirSync(from).filter((each) => each !== 'yq'))
      try {
        symlinkSync(join(from, name), join(dir, name));
      } catch {}
  onTestFinished(() => execFileSync('rm', ['-rf', dir]) && undefined);
  return dir;
}
