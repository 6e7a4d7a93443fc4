import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { Repo } from '../src/repo-rig.ts';

/** Two commands: `a` reads the files that a test changes, and `b` does not. */
const twoCommands = (replaced: string, prefix = ''): Record<string, string> => ({
  [`${prefix}go.mod`]: `module plain.example/two\n\ngo 1.21\n\nrequire plain.example/lib v0.0.0\n\nreplace plain.example/lib => ${replaced}\n`,
  [`${prefix}cmd/a/a.go`]: 'package main\n\nimport "plain.example/lib"\n\nfunc main() { println(lib.Name) }\n',
  [`${prefix}cmd/b/b.go`]: 'package main\n\nfunc main() {}\n',
});

const library = (dir: string): Record<string, string> => ({
  [`${dir}/go.mod`]: 'module plain.example/lib\n\ngo 1.21\n',
  [`${dir}/lib.go`]: 'package lib\n\nconst Name = "lib"\n',
});

const affected = async (
  tree: Repo,
  { cwd = '.', base = 'HEAD' } = {},
): Promise<{ names: string[]; stderr: string }> => {
  const { exit, stdout, stderr } = await tree.slipway(['affected', '--base', base], { cwd });
  expect({ exit, stderr: exit === 0 ? '' : stderr }).toEqual({ exit: 0, stderr: '' });
  return { names: stdout.split('\n').filter((line) => line !== ''), stderr };
};

const onlyA = { names: ['a'], stderr: '' };
const none = { names: [], stderr: '' };

test("a submodule's new commit changes the commands that read its files, committed or not", async () => {
  await using tree = new Repo('empty').write(twoCommands('./sub')).init();
  const other = join(tree.base, 'other');
  for (const [path, text] of Object.entries(library('.'))) {
    mkdirSync(dirname(join(other, path)), { recursive: true });
    writeFileSync(join(other, path), text);
  }
  const git = (dir: string, ...args: string[]): string =>
    execFileSync('git', args, { cwd: dir, env: tree.env, stdio: 'pipe', encoding: 'utf8' });
  const commit = (dir: string): void => void git(dir, 'commit', '--quiet', '--allow-empty', '--all', '--message=more');
  git(other, 'init', '--quiet');
  git(other, 'add', '.');
  commit(other);
  tree.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other, 'sub');
  tree.commit('submodule');
  expect(await affected(tree)).toEqual(none);
  appendFileSync(tree.path('sub/lib.go'), '\n// changed\n');
  expect(await affected(tree)).toEqual(onlyA);
  commit(tree.path('sub'));
  expect(await affected(tree)).toEqual(onlyA);
  tree.commit('its new commit');
  expect(await affected(tree)).toEqual(none);
  expect(await affected(tree, { base: 'HEAD~1' })).toEqual(onlyA);
});

test('a link, and its target, change the commands that read through it', async () => {
  await using tree = new Repo('empty').write({
    ...twoCommands('./current'),
    ...library('old'),
    ...library('new'),
    'shared/linked.go': 'package main\n\nconst linked = 1\n',
    'shared/other.go': 'package main\n\nconst linked = 2\n',
  });
  const link = (target: string, path: string): void => {
    rmSync(tree.path(path), { force: true });
    symlinkSync(target, tree.path(path));
  };
  link('old', 'current');
  link('../../shared/linked.go', 'cmd/a/linked.go');
  tree.init();
  const clean = (): void => void tree.git('checkout', '--quiet', '.');
  expect(await affected(tree)).toEqual(none);
  for (const file of ['shared/linked.go', 'old/lib.go']) {
    appendFileSync(tree.path(file), '\n// changed\n');
    expect({ file, ...(await affected(tree)) }).toEqual({ file, ...onlyA });
    clean();
  }
  for (const [target, path] of [
    ['../../shared/other.go', 'cmd/a/linked.go'],
    ['new', 'current'],
  ] as const) {
    link(target, path);
    expect({ path, ...(await affected(tree)) }).toEqual({ path, ...onlyA });
    clean();
  }
});

test('a module beside the tree in the same repository is seen', async () => {
  await using tree = new Repo('empty').write({ ...twoCommands('../lib', 'tree/'), ...library('lib') }).init();
  expect(await affected(tree, { cwd: 'tree' })).toEqual(none);
  appendFileSync(tree.path('lib/lib.go'), '\n// changed\n');
  expect(await affected(tree, { cwd: 'tree' })).toEqual(onlyA);
});

test('affected names files that git does not know: a module in no repository, an ignored file', async () => {
  await using tree = new Repo('empty').write(twoCommands('../outside'));
  tree.write({ '.gitignore': '*.gen.go\n' }).init();
  for (const [path, text] of Object.entries(library('outside'))) {
    mkdirSync(dirname(join(tree.base, path)), { recursive: true });
    writeFileSync(join(tree.base, path), text);
  }
  const { names, stderr } = await affected(tree);
  expect(names).toEqual([]);
  expect(stderr).toContain('git does not see a change of ../outside, of which a is made');
  tree.write({ 'cmd/b/b.gen.go': 'package main\n' });
  expect((await affected(tree)).stderr).toContain('cmd/b/b.gen.go');
});

test('an embedded file that is gone changes the command, and another file that is gone does not', async () => {
  await using tree = new Repo('empty').write({
    ...twoCommands('./lib'),
    ...library('lib'),
    'cmd/a/embed.go': 'package main\n\nimport "embed"\n\n//go:embed static\nvar files embed.FS\n',
    'cmd/a/static/one.txt': '1\n',
    'cmd/a/static/two.txt': '2\n',
    'cmd/b/notes.txt': 'words\n',
  });
  tree.init();
  expect(await affected(tree)).toEqual(none);
  rmSync(tree.path('cmd/b/notes.txt'));
  expect(await affected(tree)).toEqual(none);
  rmSync(tree.path('cmd/a/static/two.txt'));
  expect(await affected(tree)).toEqual(onlyA);
});
