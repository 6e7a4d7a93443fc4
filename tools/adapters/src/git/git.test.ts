import { execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Environment, type GitFacts, repositoryVariables } from '@slipway/model';
import { realCommandRunner } from '../process/real.ts';
import type { GitReader } from './port.ts';
import { gitReaderContract } from './contract.ts';
import { fakeGitReader } from './fake.ts';
import { realGitReader } from './real.ts';
import { isSafeDirectory, trustedUsers } from './safe-directory.ts';

const describeArgs = ['--tags', '--match=v*', '--abbrev=14'];
const TIME = 1_700_000_000;
const sha14 = /[0-9a-f]{14}/;
let base: string;
let env: Environment;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'slipway-git-'));
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: base,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.org',
    GIT_AUTHOR_DATE: `${TIME} +0200`,
    GIT_COMMITTER_DATE: `${TIME} +0200`,
  };
});
afterAll(() => rmSync(base, { recursive: true }));

const git = (root: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
const read = (
  root: string,
  more: { commit?: string; describeArgs?: string[]; outputs?: string[] } = {},
): Promise<GitFacts> =>
  realGitReader(realCommandRunner()).read({ root, env, describeArgs, needStatus: true, outputs: [], ...more });

function repository(...history: string[]): string {
  const root = mkdtempSync(join(base, 'r-'));
  git(root, 'init', '-q');
  for (const entry of history) {
    if (entry === 'commit') git(root, 'commit', '-q', '--allow-empty', '-m', 'x');
    else if (entry.startsWith('annotated ')) git(root, 'tag', '-m', 'x', entry.slice('annotated '.length));
    else git(root, 'tag', entry);
  }
  return root;
}

gitReaderContract('realGitReader', async () => ({
  reader: realGitReader(realCommandRunner()),
  repository: repository('commit', 'v1.2.3'),
  nowhere: mkdtempSync(join(base, 'nowhere-')),
  env,
}));

describe('the fake', () => {
  const reads = {
    commit: 'a'.repeat(40),
    shortCommit: 'a'.repeat(7),
    commitTime: TIME,
    clean: true,
    branch: 'main',
    describe: 'v1.2.3',
    nearestTag: 'v1.2.3',
    shallow: false,
  };
  const both: GitReader = {
    isTracked: (request) => fakeGitReader(request.root === '/repository' ? reads : undefined).isTracked(request),
    listFiles: (request) => fakeGitReader(request.root === '/repository' ? reads : undefined).listFiles(request),
    origin: async () => undefined,
    read: (request) => fakeGitReader(request.root === '/repository' ? reads : undefined).read(request),
  };
  gitReaderContract('fakeGitReader', async () => ({
    reader: both,
    repository: '/repository',
    nowhere: '/nowhere',
    env: {},
  }));

  test('keeps the requests', async () => {
    const reader = fakeGitReader();
    await reader.read({ root: '/r', env: {}, describeArgs, needStatus: true, outputs: [] });
    expect(reader.requests).toMatchObject([{ root: '/r', needStatus: true, outputs: [] }]);
  });
});

test.each([
  { history: ['commit', 'v1.14.8'], describe: /^v1\.14\.8$/, nearestTag: 'v1.14.8' },
  {
    history: ['commit', 'v1.14.8', 'commit', 'commit', 'commit'],
    describe: new RegExp(`^v1\\.14\\.8-3-g${sha14.source}$`),
    nearestTag: 'v1.14.8',
  },
  {
    history: ['commit', 'v1.15.0-alpha.0', 'commit'],
    describe: new RegExp(`^v1\\.15\\.0-alpha\\.0-1-g${sha14.source}$`),
    nearestTag: 'v1.15.0-alpha.0',
  },
  {
    history: ['commit', 'v1.15.0-rc.1-hot', 'commit'],
    describe: new RegExp(`^v1\\.15\\.0-rc\\.1-hot-1-g${sha14.source}$`),
    nearestTag: 'v1.15.0-rc.1-hot',
  },
  {
    history: ['commit', 'annotated v1.2.3', 'commit', 'mytag'],
    describe: new RegExp(`^v1\\.2\\.3-1-g${sha14.source}$`),
    nearestTag: 'v1.2.3',
  },
  { history: ['commit', 'v1.2.3-5-gabc'], describe: /^v1\.2\.3-5-gabc$/, nearestTag: 'v1.2.3-5-gabc' },
  { history: ['commit', 'mytag', 'commit'], describe: undefined, nearestTag: undefined },
  { history: ['commit'], describe: undefined, nearestTag: undefined },
])('the reader describes $history', async ({ history, describe: expected, nearestTag }) => {
  const facts = await read(repository(...history));
  if (expected === undefined) expect(facts).not.toHaveProperty('describe');
  else expect(facts.describe).toMatch(expected);
  expect(facts.nearestTag).toBe(nearestTag);
  expect(facts).toMatchObject({ commitTime: TIME, clean: true });
});

test('other arguments find other tags', async () => {
  const root = repository('commit', 'mytag', 'commit');
  expect((await read(root, { describeArgs: ['--tags', '--abbrev=14'] })).describe).toMatch(/^mytag-1-g[0-9a-f]{14}$/);
});

test('the reader describes a commit other than HEAD', async () => {
  const root = repository('commit', 'v1.0.0', 'commit', 'v2.0.0');
  const first = git(root, 'rev-parse', 'HEAD~1').trim();
  expect(await read(root, { commit: first })).toMatchObject({ describe: 'v1.0.0', nearestTag: 'v1.0.0' });
  expect(await read(root, { commit: 'f'.repeat(40) })).not.toHaveProperty('describe');
});

test.each([
  ['an untracked file that settings hide', 'file', ['status.showUntrackedFiles', 'no']],
  ['a changed submodule that settings hide', 'sub/file', ['diff.ignoreSubmodules', 'all']],
  ['a changed submodule that .gitmodules hides', 'sub/file', ['-f', '.gitmodules', 'submodule.sub.ignore', 'all']],
])('%s is a change', async (_what, path, setting) => {
  const root = repository('commit');
  git(root, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', repository('commit'), 'sub');
  git(root, 'config', ...setting);
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'x');
  expect((await read(root)).clean).toBe(true);
  writeFileSync(join(root, path), 'a');
  expect((await read(root)).clean).toBe(false);
});

test('an untracked file and a changed file are changes, a touched file is not, and the reader writes nothing', async () => {
  const root = repository('commit');
  writeFileSync(join(root, 'file'), 'a');
  expect((await read(root)).clean).toBe(false);
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'x');
  utimesSync(join(root, 'file'), 1, 1);
  const index = statSync(join(root, '.git/index'));
  const bytes = readFileSync(join(root, '.git/index'));
  expect((await read(root)).clean).toBe(true);
  expect(statSync(join(root, '.git/index')).mtimeMs).toBe(index.mtimeMs);
  expect(readFileSync(join(root, '.git/index')).equals(bytes)).toBe(true);
  writeFileSync(join(root, 'file'), 'b');
  expect((await read(root)).clean).toBe(false);
});

test('leftovers of a killed run are not changes, and everything else is', async () => {
  const root = repository('commit');
  const below = join(root, 'below');
  mkdirSync(join(below, '_output/local'), { recursive: true });
  writeFileSync(join(below, '_output/local/.lock'), '');
  writeFileSync(join(below, '.slipway-tmp-12-ab-zz_generated.go'), '');
  expect((await read(below)).clean).toBe(false);
  expect((await read(below, { outputs: ['_output', 'absent', '[a'] })).clean).toBe(true);
  for (const path of ['other', 'below/_output2', 'below/a_output']) {
    writeFileSync(join(root, path), '');
    expect((await read(below, { outputs: ['_output'] })).clean, path).toBe(false);
    rmSync(join(root, path));
  }
  expect((await read(root, { outputs: ['_output'] })).clean).toBe(false);
});

test('variables of the user about pathspecs change nothing', async () => {
  const root = repository('commit');
  writeFileSync(join(root, 'new'), '');
  for (const how of ['LITERAL', 'GLOB', 'NOGLOB', 'ICASE']) {
    const reader = realGitReader(realCommandRunner());
    const facts = await reader.read({
      ...{ root, describeArgs, needStatus: true, outputs: ['_output'] },
      env: { ...env, [`GIT_${how}_PATHSPECS`]: '1' },
    });
    expect(facts.clean, how).toBe(false);
  }
});

test('a repository without commits is clean and has no tag', async () => {
  expect(await read(repository())).toEqual({ clean: true, shallow: false, tagState: expect.any(String) });
});

test('a directory below the root and a worktree are described', async () => {
  const root = repository('commit', 'v1.0.0');
  mkdirSync(join(root, 'below'));
  expect(await read(join(root, 'below'))).toMatchObject({ describe: 'v1.0.0', clean: true });
  const worktree = `${root}-worktree`;
  git(root, 'worktree', 'add', '-q', '--detach', worktree);
  writeFileSync(join(root, 'only-there'), '');
  expect(await read(worktree)).toMatchObject({ describe: 'v1.0.0', clean: true });
});

test.each([
  ['--assume-unchanged', 'changed', false],
  ['--assume-unchanged', 'same', true],
  ['--assume-unchanged', 'gone', false],
  ['--skip-worktree', 'changed', false],
  ['--skip-worktree', 'gone', true],
])('with a file marked as %s that is %s, clean is %s', async (mark, state, clean) => {
  const root = repository();
  mkdirSync(join(root, 'below'));
  writeFileSync(join(root, 'a.go'), 'package a\n');
  git(root, 'add', '.');
  git(root, 'commit', '-q', '-m', 'x');
  git(root, 'update-index', mark, 'a.go');
  if (state === 'changed') writeFileSync(join(root, 'a.go'), 'package b\n');
  if (state === 'gone') rmSync(join(root, 'a.go'));
  expect(git(root, 'status', '--porcelain')).toBe('');
  for (const dir of [root, join(root, 'below')]) expect(await read(dir)).toMatchObject({ clean });
});

test('the output of git describe with --long or --always keeps its form', async () => {
  const root = repository('commit', 'v1.2.3');
  const long = await read(root, { describeArgs: ['--tags', '--long'] });
  expect(long).toMatchObject({ describe: expect.stringMatching(/^v1\.2\.3-0-g[0-9a-f]+$/), nearestTag: 'v1.2.3' });
  const always = await read(repository('commit'), { describeArgs: ['--always'] });
  expect(always.describe).toMatch(/^[0-9a-f]{7,}$/);
});

test('a shallow clone is reported as shallow', async () => {
  const root = repository('commit', 'v1.0.0', 'commit', 'commit');
  const clone = `${root}-clone`;
  git(root, 'clone', '-q', '--depth=1', `file://${root}`, clone);
  const facts = await read(clone);
  expect(facts).toMatchObject({ shallow: true, commit: git(root, 'rev-parse', 'HEAD').trim() });
  expect(facts).not.toHaveProperty('describe');
});

test('a missing git is reported, and a missing directory has no facts', async () => {
  const root = repository('commit');
  const reader = realGitReader(realCommandRunner());
  expect(await reader.read({ root, env: { PATH: base }, describeArgs, needStatus: true, outputs: [] })).toEqual({
    shallow: false,
    installed: false,
  });
  expect(await read(join(root, 'gone'))).toEqual({ shallow: false });
});

test('a refusal of git is a failure, not a missing answer', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root can make files of another user');
  const root = repository('commit');
  chownSync(root, 12345, 12345);
  chownSync(join(root, '.git'), 12345, 12345);
  const failure = { code: 'GIT_FAILED', dubious: root };
  await expect(read(root)).rejects.toMatchObject({ failures: [failure] });
  const reader = realGitReader(realCommandRunner());
  await expect(reader.listFiles({ root, env })).rejects.toMatchObject({ failures: [failure] });
  await expect(reader.isTracked({ root, env, path: 'x' })).rejects.toMatchObject({ failures: [failure] });
});

test.each(['HEAD', 'objects', 'refs'])(
  'a repository without its %s is a failure, not a missing answer',
  async (name) => {
    const root = repository('commit', 'v1.0.0');
    rmSync(join(root, '.git', name), { recursive: true });
    mkdirSync(join(root, 'below'));
    await expect(read(join(root, 'below'))).rejects.toMatchObject({ failures: [{ code: 'GIT_FAILED' }] });
  },
);

test('a worktree without its repository is a failure, not a missing answer', async () => {
  const root = repository('commit');
  rmSync(join(root, '.git'), { recursive: true });
  writeFileSync(join(root, '.git'), 'gitdir: /nowhere/worktrees/x\n');
  await expect(read(root)).rejects.toMatchObject({ failures: [{ code: 'GIT_FAILED', dubious: undefined }] });
});

describe('the accepted owners of trees', () => {
  test.each([
    ['', false],
    ['/a/b', true],
    ['/a/b/', true],
    ['/a', false],
    ['/a/*', true],
    ['*', true],
    ['/a/b\n\tdirectory =', false],
  ])('with safe.directory = %j a tree of another owner is accepted: %s', (value, expected) => {
    const home = mkdtempSync(join(base, 'home-'));
    const own = { ...env, HOME: home };
    writeFileSync(join(home, '.gitconfig'), value === '' ? '' : `[safe]\n\tdirectory = ${value}\n`);
    expect(isSafeDirectory(['/a/b', '/x'], own)).toBe(expected);
  });

  test('for root include the user who called sudo', ({ skip }) => {
    if (process.geteuid?.() !== 0) return skip('only root is called by sudo');
    expect(trustedUsers({})).toEqual([0]);
    expect(trustedUsers({ SUDO_UID: '1000' })).toEqual([0, 1000]);
    expect(trustedUsers({ SUDO_UID: 'x' })).toEqual([0]);
  });
});

test("the user's settings for signatures and colours change nothing", async () => {
  const root = repository('commit', 'v1.0.0');
  for (const setting of ['log.showSignature', 'status.branch', 'status.showStash'])
    git(root, 'config', setting, 'true');
  git(root, 'config', 'color.ui', 'always');
  expect(await read(root)).toMatchObject({ describe: 'v1.0.0', clean: true, commitTime: TIME });
  expect(existsSync(join(root, '.git/index.lock'))).toBe(false);
});

test('an interrupt is a failure, not a missing answer', async () => {
  const reader = realGitReader(realCommandRunner());
  const asked = reader.read({
    root: base,
    env,
    describeArgs,
    needStatus: true,
    outputs: [],
    signal: AbortSignal.abort('SIGINT'),
  });
  await expect(asked).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED' }] });
});

test("slipway knows every variable that names a repository for git, and the user's settings are not among them", () => {
  const local = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' }).trim().split('\n');
  const settings = ['GIT_CONFIG_PARAMETERS', 'GIT_CONFIG_COUNT'];
  expect(local.filter((name) => !repositoryVariables.includes(name))).toEqual(settings);
});

/**
 * The first reads the user's settings outside of any repository. The second archives a commit and reads no file of the
 * tree.
 */
const others = ['adapters/src/git/safe-directory.ts', 'plan/src/steps/package.ts'];

test('all other callers of git use gitQuestion', () => {
  const tools = join(import.meta.dirname, '../../..');
  const callers = globSync('{adapters,catalog,cli,facts,freshness,nx-plugin,plan,run}/src/**/*.ts', { cwd: tools })
    .filter((name) => !/\.test\.ts$|\/fixtures\//.test(name))
    .filter((name) => /[[(]\s*['"`](?:\S*\/)?git['"`]\s*,/.test(readFileSync(join(tools, name), 'utf8')));
  expect(callers.sort()).toEqual(others);
});
