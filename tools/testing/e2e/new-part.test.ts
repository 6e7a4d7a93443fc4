import { execFileSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { Repo, repo } from '../src/repo-rig.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' });

/** The present state of this repository, in another place; other modules come from the shared cache. */
function checkout(): Repo {
  const tree = new Repo('empty');
  const files = git('ls-files', '--cached', '--others', '--exclude-standard', '-z', '--deduplicate').split('\0');
  for (const file of files.filter(Boolean))
    cpSync(join(repositoryRoot, file), tree.path(file), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), tree.path('node_modules'));
  return tree.init();
}

/** Platforms that need no cross compiler. */
const planned = [hostPlatform(), 'windows/amd64'] as const;
const names = ['GOMODCACHE', 'GOPROXY', 'GOSUMDB'];
const modules = Object.fromEntries(
  execFileSync('go', ['env', ...names], { cwd: repositoryRoot, encoding: 'utf8' })
    .split('\n')
    .map((value, index) => [names[index], value] as const)
    .filter(([name]) => name !== undefined),
);

describe('a new part of this repository', () => {
  let tree: Repo;
  let planBefore: string;
  const slipway = (...args: string[]) => tree.slipway(args, { env: modules });
  const go = (...args: string[]): string =>
    execFileSync('go', args, { cwd: tree.dir, env: { ...tree.env, ...modules }, encoding: 'utf8' });
  const plan = async (): Promise<string> => {
    const ended = await slipway('-n', 'cross', `KUBE_BUILD_PLATFORMS=${planned.join(' ')}`);
    expectDone(ended);
    return ended.stdout;
  };
  const example = (...args: string[]): string =>
    execFileSync(tree.path(tree.published('kube-tried-out')), args, { encoding: 'utf8' });
  const nx = (...args: string[]): string =>
    execFileSync(process.execPath, [tree.path('node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: tree.dir,
      env: { ...tree.env, NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
      encoding: 'utf8',
    });

  beforeAll(async () => {
    tree = checkout();
    planBefore = await plan();
    expectDone(await slipway('new', 'component', 'kube-tried-out'));
    expectDone(await slipway('new', 'staging', 'tried-out'));
  });
  afterAll(() => tree[Symbol.asyncDispose]());

  test('is one directory and one row each', () => {
    expect(tree.git('status', '--short', '--untracked-files=normal').split('\n')).toEqual([
      ' M go.work',
      ' M slipway.config.ts',
      '?? components/cmd/kube-tried-out/',
      '?? staging/src/slipway.example/tried-out/',
    ]);
    expect(tree.git('diff', '--numstat')).toBe('1\t0\tgo.work\n1\t0\tslipway.config.ts');
  });

  test('is built, runs, and passes its test', async () => {
    expectDone(await slipway('kube-tried-out'));
    expect(example('--version')).toMatch(/^kube-tried-out v/);
    expect(go('test', './components/cmd/kube-tried-out/...', './staging/src/slipway.example/tried-out')).toMatch(
      /^ok .*\/tried-out/m,
    );
  });

  test('is in plans and help', async () => {
    expect((await plan()).match(/bin\/\w+\/\w+\/kube-tried-out$/gm)).toEqual([`bin/${planned[0]}/kube-tried-out`]);
    expect((await slipway('help', 'commands')).stdout).toContain('kube-tried-out');
    expect((await slipway('-n', 'vet')).stdout).toContain('staging/src/slipway.example/tried-out');
  });

  test('is in the graph of Nx', () => {
    const projects = JSON.parse(nx('show', 'projects', '--json')) as string[];
    expect(projects).toEqual(expect.arrayContaining(['kube-tried-out', 'slipway.example/tried-out']));
    expect(JSON.parse(nx('show', 'project', 'kube-tried-out', '--json'))).toMatchObject({
      targets: { build: { options: { target: 'components/cmd/kube-tried-out' } } },
    });
  });

  test('the generators of Nx write the same', async () => {
    const wrote = async (part: string): Promise<string[]> =>
      (await slipway('-n', 'new', part, 'other')).stdout.match(/\S+$/gm) ?? [];
    for (const part of ['component', 'staging']) {
      const said = nx('generate', `@slipway/nx-plugin:${part}`, 'other', '--dry-run');
      expect(said.match(/(?<=^(?:CREATE|UPDATE) ).*$/gm)?.sort()).toEqual((await wrote(part)).sort());
    }
  });

  test('an edit in the module reaches the component that uses it', async () => {
    const path = 'components/cmd/kube-tried-out/kube-tried-out.go';
    const main = tree.read(path);
    tree.write({
      [path]: main
        .replace('import (\n\t"os"\n', 'import (\n\t"fmt"\n\t"os"\n')
        .replace('"slipway.example/components/cmd', '"slipway.example/tried-out"\n\t"slipway.example/components/cmd')
        .replace('\tcommand :=', '\tfmt.Println(triedout.Reverse("ab"))\n\tcommand :='),
    });
    expectDone(await slipway('kube-tried-out'));
    expect(example('--version')).toMatch(/^ba\n/);
    const words = 'staging/src/slipway.example/tried-out/triedout.go';
    tree.write({ [words]: tree.read(words).replace('return string(letters)', 'return string(letters) + "!"') });
    expectDone(await slipway('kube-tried-out'));
    expect(example('--version')).toMatch(/^ba!\n/);
  });

  test('is gone with its directory and its row', async () => {
    tree.write({ 'components/cmd/kube-tried-out': undefined, 'staging/src/slipway.example/tried-out': undefined });
    tree.git('checkout', '--quiet', '--', 'go.work', 'slipway.config.ts');
    expect(tree.git('status', '--porcelain')).toBe('');
    expect(await plan()).toBe(planBefore);
  });
});

describe('invalid names', () => {
  test.each([
    ['Kube_x', 'Kube_x is no name'],
    ['-x', '-x'],
    ['kubectl', 'components/cmd/kubectl is there already'],
    ['e2e.test', 'is no name'],
    ['cross', 'cross means something else'],
    ['internal', 'internal is no name'],
  ])('%s', async (name, says) => {
    await using tree = new Repo('empty');
    tree.write({
      'slipway.config.ts': 'const components = [\n];\nexport default { goPackage: "a.example/b" };\n',
      'go.mod': 'module a.example/b\n\ngo 1.26.0\n',
      'components/cmd/kubectl/main.go': 'package main\n\nfunc main() {}\n',
      'components/_templates/cmd/__name__/main.go': 'package main\n\nfunc main() {}\n',
    });
    const ended = await tree.slipway(['new', 'component', name]);
    if (name.startsWith('-')) expectFailure(ended, 'UNKNOWN_FLAG');
    else expectFailure(ended, 'BAD_USAGE', { says });
    expect(tree.read('slipway.config.ts')).not.toContain(name);
  });

  test('a tree of another shape', async () => {
    await using tree = repo('plain');
    expectFailure(await tree.slipway(['new', 'component', 'kube-tried-out']), 'UNSUPPORTED_TREE');
    for (const words of [['thing', 'x'], ['component'], ['component', 'a', 'b']])
      expectFailure(await tree.slipway(['new', ...words]), 'BAD_USAGE', {
        hint: /slipway (?:help new|new component NAME)/,
      });
  });
});
