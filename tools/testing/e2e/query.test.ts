import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type TargetGraph, evaluateQuery, parseQuery } from '@slipway/freshness';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectFailure } from '../src/expect-failure.ts';
import { Repo } from '../src/repo-rig.ts';
import { cleanEnvironment, goCommand, startSlipway } from '../src/slipway-process.ts';

const root = resolve(import.meta.dirname, '../../..');
const home = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
// Modules of this repository are in the user's cache since its own build.
const env = { ...cleanEnvironment(home), GOMODCACHE: '', GOPROXY: '' };
const slipway = (...args: string[]) => startSlipway(args, { cwd: root, env }).ended;
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Listed {
  readonly ImportPath: string;
  readonly Name: string;
  readonly Standard?: boolean;
  readonly Imports?: readonly string[];
  readonly Deps?: readonly string[];
  readonly TestGoFiles?: readonly string[];
  readonly XTestGoFiles?: readonly string[];
}

const C = 'slipway.example/components';
const M = 'slipway.example/apimachinery';
const B = 'slipway.example/component-base';
/** All modules of the repository, by their directories. */
const modules = execFileSync(goCommand(), ['list', '-m', '-f', '{{.Dir}}'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((dir) => `./${relative(root, dir)}/...`);
const tree = modules.join(' ');
const staging = modules.filter((pattern) => pattern.startsWith('./staging/')).join(' ');

const answers = new Map<string, Listed[]>();
function goList(words: string): Listed[] {
  const known = answers.get(words);
  if (known !== undefined) return known;
  const text = execFileSync(goCommand(), ['list', '-json', ...words.split(' ')], {
    cwd: root,
    env: { ...process.env, GOTOOLCHAIN: 'local' },
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
  });
  const listed = JSON.parse(`[${text.replaceAll(/^}$/gm, '},').replace(/,\s*$/, '')}]`) as Listed[];
  const own = listed.filter((one) => one.Standard !== true);
  answers.set(words, own);
  return own;
}

/** Import paths; a variant for tests counts as its package. */
const paths = (listed: readonly Listed[]): Set<string> =>
  new Set(listed.map((one) => one.ImportPath.split(' ')[0]!.replace(/_test$/, '')));
const list = (words: string): Set<string> => paths(goList(words));
const deps = (words: string): Set<string> => list(`-deps ${words}`);
const importers = (universe: string, path: string): Set<string> =>
  paths(goList(`-deps ${universe}`).filter((one) => one.ImportPath === path || one.Deps?.includes(path) === true));
const mains = (words: string): Set<string> => paths(goList(words).filter((one) => one.Name === 'main'));
const binaries = (words: string): Set<string> =>
  new Set(
    goList(words)
      .filter((one) => one.TestGoFiles !== undefined || one.XTestGoFiles !== undefined)
      .map((one) => `${one.ImportPath}.test`),
  );
const direct = (words: string, path: string): Set<string> =>
  paths(goList(words).filter((one) => one.ImportPath === path || one.Imports?.includes(path) === true));

const kubectl = './components/cmd/kubectl';
const S = '//staging/src/slipway.example';

/** A query, and the same question to Go. */
const table: readonly (readonly [string, () => ReadonlySet<string>])[] = [
  ['//components/cmd/kubectl', () => list(kubectl)],
  ['//components/cmd/kubectl:kubectl', () => list(kubectl)],
  ['//components/cmd/kubectl:all', () => list(kubectl)],
  ['//components/cmd/kubectl/...', () => list(`${kubectl}/...`)],
  ['//components/cmd/kubectl/...:all', () => list(`${kubectl}/...`)],
  ['//components/...', () => list('./components/...')],
  ['//...', () => list(tree)],
  [`${S}/...`, () => list(staging)],
  [`${S}/component-base/version`, () => list(`${B}/version`)],
  [`${S}/component-base/version/...`, () => list(`${B}/version/...`)],
  [`${B}/version`, () => list(`${B}/version`)],
  [`${B}/...`, () => list(`${B}/...`)],
  ['@github.com/spf13/cobra', () => list('github.com/spf13/cobra')],
  ['@github.com/spf13/...', () => new Set([...deps(tree)].filter((path) => path.startsWith('github.com/spf13/')))],
  [`"${M}/field"`, () => list(`${M}/field`)],
  ['set(//components/cmd/kubectl //components/cmd/kubelet)', () => list(`${kubectl} ./components/cmd/kubelet`)],
  ['deps(//components/cmd/kubectl)', () => deps(kubectl)],
  ['deps(//components/cmd/kube-apiserver)', () => deps('./components/cmd/kube-apiserver')],
  ['deps(//components/cmd/kubelet/app)', () => deps('./components/cmd/kubelet/app')],
  ['deps(//components/cmd/...)', () => deps('./components/cmd/...')],
  ['deps(//...)', () => deps(tree)],
  [`deps(${S}/apimachinery/field)`, () => deps(`${M}/field`)],
  ['deps(@github.com/spf13/cobra)', () => deps('github.com/spf13/cobra')],
  ['deps(//components/cmd/kubectl, 0)', () => list(kubectl)],
  [
    'deps(//components/cmd/kubectl, 1)',
    () =>
      new Set([...list(kubectl), ...goList(kubectl).flatMap((one) => one.Imports ?? [])]).intersection(deps(kubectl)),
  ],
  [
    'deps(//components/cmd/kubectl) + deps(//components/cmd/kubelet)',
    () => deps(`${kubectl} ./components/cmd/kubelet`),
  ],
  [
    'deps(//components/cmd/kubectl) union //components/pkg/daemon',
    () => deps(kubectl).union(list('./components/pkg/daemon')),
  ],
  [
    'deps(//components/cmd/kubelet) - deps(//components/cmd/kubectl)',
    () => deps('./components/cmd/kubelet').difference(deps(kubectl)),
  ],
  [
    'deps(//components/cmd/kubelet) except //components/...',
    () => deps('./components/cmd/kubelet').difference(list('./components/...')),
  ],
  [
    'deps(//components/cmd/kubelet) ^ deps(//components/cmd/kubectl)',
    () => deps('./components/cmd/kubelet').intersection(deps(kubectl)),
  ],
  ['deps(//components/cmd/...) intersect //...', () => deps('./components/cmd/...').intersection(list(tree))],
  ['//... - //components/... - //staging/...', () => new Set()],
  [
    '//... - (//components/... - //components/cmd/...)',
    () => list(tree).difference(list('./components/...').difference(list('./components/cmd/...'))),
  ],
  ['(//components/... + //staging/...) ^ //components/pkg/...', () => list('./components/pkg/...')],
  [`rdeps(//..., ${S}/apimachinery/field)`, () => importers(tree, `${M}/field`)],
  [`rdeps(//..., ${S}/component-base/version)`, () => importers(tree, `${B}/version`)],
  ['rdeps(//..., @github.com/spf13/pflag)', () => importers(tree, 'github.com/spf13/pflag')],
  [`rdeps(//components/cmd/kubectl, ${S}/apimachinery/aggregate)`, () => importers(kubectl, `${M}/aggregate`)],
  ['rdeps(//components/cmd/kubectl, //components/pkg/daemon)', () => importers(kubectl, `${C}/pkg/daemon`)],
  [
    'rdeps(//..., //components/pkg/daemon) ^ //components/cmd/...',
    () => importers(tree, `${C}/pkg/daemon`).intersection(list('./components/cmd/...')),
  ],
  [`rdeps(//..., ${S}/apimachinery/field, 1)`, () => direct(tree, `${M}/field`)],
  [
    `allpaths(//components/cmd/kubectl, ${S}/apimachinery/field)`,
    () => deps(kubectl).intersection(importers(tree, `${M}/field`)),
  ],
  [
    'allpaths(//components/cmd/..., @github.com/spf13/pflag)',
    () => deps('./components/cmd/...').intersection(importers(tree, 'github.com/spf13/pflag')),
  ],
  ['kind(go_binary, //...)', () => mains(tree)],
  ["kind('go_binary', //components/cmd/kubectl/...)", () => mains(`${kubectl}/...`)],
  ['kind(library, //components/cmd/kubectl/...)', () => list(`${kubectl}/...`).difference(mains(`${kubectl}/...`))],
  [
    `kind(go_binary, rdeps(//..., ${S}/apimachinery/validation))`,
    () => mains(tree).intersection(importers(tree, `${M}/validation`)),
  ],
  [
    "filter('/app$', //components/...)",
    () => new Set([...list('./components/...')].filter((path) => path.endsWith('/app'))),
  ],
  ['tests(//...)', () => binaries(tree)],
  ['tests(//components/cmd/kubelet/...)', () => binaries('./components/cmd/kubelet/...')],
  ['//components/cmd/kubectl/app:app.test', () => binaries(`${kubectl}/app`)],
  ['deps(tests(//components/cmd/kubectl/app))', () => deps(`-test ${kubectl}/app`)],
  [
    'deps(tests(//components/...))',
    () =>
      new Set(
        [...deps('-test ./components/...')].filter((path) =>
          deps(`-test ${[...binaries('./components/...')].map((each) => each.slice(0, -5)).join(' ')}`).has(path),
        ),
      ),
  ],
  [
    'kind(go_test, rdeps(tests(//...), //components/pkg/daemon/daemontest))',
    () =>
      new Set(
        [...binaries(tree)].filter((binary) =>
          deps(`-test ${binary.slice(0, -'.test'.length)}`).has(`${C}/pkg/daemon/daemontest`),
        ),
      ),
  ],
];

describe('queries of this repository, and go list', () => {
  let graph: TargetGraph;
  beforeAll(async () => {
    const { exit, stdout, stderr } = await slipway('query', 'deps(//... + tests(//...))', '--output', 'json');
    if (exit !== 0) throw new Error(stderr);
    const targets = JSON.parse(stdout) as { label: string; imports: string[] }[];
    const numbers = new Map(targets.map(({ label }, index) => [label, index]));
    graph = {
      targets: targets as unknown as TargetGraph['targets'],
      imports: targets.map(({ imports }) => imports.map((label) => numbers.get(label)!)),
    };
  });

  const answer = (text: string): string[] => {
    const parsed = parseQuery(text);
    if (!parsed.ok) throw new Error(parsed.fact);
    const result = evaluateQuery(graph, parsed.expression);
    if (!result.ok) throw new Error(result.fact);
    return result.targets.map((one) => graph.targets[one]!.importPath);
  };

  test.each(table)('%s', (query, expected) => {
    expect(answer(query).sort()).toEqual([...expected()].sort());
  });

  test('there are fifty of them, and only a few are empty', () => {
    expect(table.length).toBeGreaterThanOrEqual(50);
    expect(table.filter(([query]) => answer(query).length === 0).length).toBeLessThanOrEqual(2);
  });

  test('somepath is a path along imports, and a shortest one', () => {
    const way = answer(`somepath(//components/cmd/kubectl, ${S}/apimachinery/field)`);
    const imports = new Map(goList(`-deps ${kubectl}`).map((one) => [one.ImportPath, one.Imports ?? []]));
    expect([way[0], way.at(-1)]).toEqual([`${C}/cmd/kubectl`, `${M}/field`]);
    for (const [index, path] of way.slice(1).entries()) expect(imports.get(way[index]!)).toContain(path);
    expect(answer(`somepath(${S}/apimachinery/field, //components/cmd/kubectl)`)).toEqual([]);
  });
});

describe('slipway query', () => {
  test('prints labels, a graph for Graphviz and paths of the tree, and points at a mistake', async () => {
    const labels = await slipway('query', 'deps(//components/cmd/kubectl, 1)');
    expect(labels.stdout.split('\n')).toContain('//components/cmd/kubectl/app');
    const graph = await slipway('query', 'deps(components/cmd/kubectl, 1)', '--output=graph');
    expect(graph.stdout).toContain('  "//components/cmd/kubectl" -> "//components/cmd/kubectl/app";');
    const wrong = await slipway('query', 'deps(//components/cmd/nothing) + //...');
    expectFailure(wrong, 'BAD_LABEL', { says: '\n  deps(//components/cmd/nothing) + //...\n       ^' });
    expectFailure(await slipway('query', 'deps(//components'), 'BAD_LABEL', { says: ') is expected' });
    expectFailure(await slipway('query', 'dep(//components)'), 'BAD_LABEL', { says: 'there is no function dep' });
    expectFailure(await slipway('query', '//components//cmd'), 'BAD_LABEL', { says: 'a part of the path is empty' });
  });

  test('finds a new package, another import and a new test in the next answer, and writes nothing into the tree', async () => {
    await using repo = new Repo('workspace').init('v1.2.3');
    const before = readdirSync(repo.dir);
    const query = async (text: string): Promise<string[]> => {
      const { exit, stdout, stderr } = await repo.slipway(['query', text]);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      return stdout.split('\n').filter(Boolean);
    };
    const all = await query('//...');
    expect(await query('//...')).toEqual(all);
    const [main] = await query('kind(go_binary, //...)');
    const dir = main!.slice(2);
    repo.write({ [`${dir}/extra/extra.go`]: 'package extra\n', [`${dir}/extra/extra_test.go`]: 'package extra\n' });
    expect(new Set(await query('//...'))).toEqual(new Set([...all, `//${dir}/extra`]));
    expect(await query(`tests(//${dir}/...)`)).toContain(`//${dir}/extra:extra.test`);
    expect(await query(`deps(//${dir}/extra)`)).toEqual([`//${dir}/extra`]);
    repo.write({ [`${dir}/extra/extra.go`]: 'package main\n\nfunc main() {}\n' });
    expect(await query('kind(go_binary, //...)')).toContain(`//${dir}/extra`);
    repo.write({ [`${dir}/extra`]: undefined });
    expect(await query('//...')).toEqual(all);
    expect(readdirSync(repo.dir)).toEqual(before);
  });

  test('takes a link of vendor/ and its target as one package', async () => {
    await using repo = new Repo('kubernetes-shaped').init('v1.2.3');
    symlinkSync('cmd', repo.path('linked'));
    const [through, itself] = await Promise.all(
      ['//linked/ctl', '//cmd/ctl'].map((label) => repo.slipway(['query', label])),
    );
    expect(through!.stdout).toBe('//cmd/ctl\n');
    expect(itself!.stdout).toBe('//cmd/ctl\n');
  });
});

describe('labels of a build', () => {
  test.each([
    [
      ['build', '//cmd/ctl/...'],
      ['all', 'WHAT=cmd/ctl'],
    ],
    [['//cmd/ctl:ctl'], ['all', 'WHAT=cmd/ctl']],
    [
      ['build', '//test/e2e:e2e.test'],
      ['all', 'WHAT=test/e2e/e2e.test'],
    ],
    [
      ['bazel-build', '//cmd/...', '-//cmd/ctl/...'],
      ['all', 'WHAT=cmd/agent cmd/apiserver'],
    ],
    [
      ['all', 'WHAT=//cmd/... -//cmd/agent'],
      ['all', 'WHAT=cmd/apiserver cmd/ctl'],
    ],
  ])('%s is %s', async (labels, words) => {
    await using repo = new Repo('kubernetes-shaped').init('v1.2.3');
    const [one, other] = await Promise.all(
      [labels, words].map(async (args) => {
        const { stdout, stderr } = await repo.slipway(['-n', '--json', ...args]);
        expect(stderr).toBe('');
        return (JSON.parse(stdout) as { steps: unknown }).steps;
      }),
    );
    expect(one).toEqual(other);
  });

  test('bad labels are reported with their position, and update-bazel has nothing to do', async () => {
    await using repo = new Repo('plain').init('v1.2.3');
    expectFailure(await repo.slipway(['build', '-//cmd//a']), 'BAD_LABEL', { says: '\n  -//cmd//a\n         ^' });
    expectFailure(await repo.slipway(['build', '//cmd/nothing']), 'UNKNOWN_WHAT');
    const { exit, stdout } = await repo.slipway(['update-bazel']);
    expect({ exit, stdout }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('reads and needs no BUILD files'),
    });
  });
});
