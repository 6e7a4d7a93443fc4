import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Event } from '@slipway/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CacheServer, startBazelRemote } from '../src/cache-servers.ts';
import { type CompositeAction, type JobEnd, parseYaml, readYaml, runAction } from '../src/composite-action.ts';
import { compileSchema } from '../src/json-schema.ts';
import { Repo } from '../src/repo-rig.ts';
import { slipwayInShell } from '../src/slipway-process.ts';
import { timeouts } from '../src/timeouts.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');
const action = readYaml(join(repositoryRoot, '.github/actions/slipway/action.yml')) as CompositeAction;
const SECRET = `authorization: Basic ${Buffer.from('ci:secret').toString('base64')}`;
const RUN = 'Run slipway';

const place = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
/** The cache of actions/cache for the main branch. */
const kept = join(place, 'kept');
const archive = join(place, 'slipway.tar.gz');
let server: CacheServer;

beforeAll(async () => {
  // The layout of the executable, with the packaged program in it.
  const directory = join(place, 'slipway-0.1.0-linux-amd64');
  mkdirSync(directory);
  writeFileSync(join(directory, 'slipway'), `#!/bin/sh\nexec ${slipwayInShell()} "$@"\n`, { mode: 0o755 });
  execFileSync('tar', ['-czf', archive, '-C', place, 'slipway-0.1.0-linux-amd64']);
  const password = createHash('sha1').update('secret').digest('base64');
  writeFileSync(join(place, 'htpasswd'), `ci:{SHA}${password}\n`);
  server = await startBazelRemote({
    flags: ['--htpasswd_file', join(place, 'htpasswd'), '--allow_unauthenticated_reads'],
  });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

const PUSH = { 'github.event_name': 'push' };
const FORK = { 'github.event_name': 'pull_request', 'github.event.pull_request.head.repo.full_name': 'mallory/mono' };

interface Job {
  readonly context: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly remote?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** One job on a runner with only the checkout. */
function run(tree: Repo, { context, inputs = {}, remote = false, env = {} }: Job): JobEnd {
  const temp = mkdtempSync(join(tree.base, 'temp-'));
  const local = tree.env['XDG_CACHE_HOME']!;
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const given = { archive, sha256, ...(remote ? { 'remote-cache': server.url } : {}), ...inputs };
  return runAction(action, {
    env: { ...tree.env, SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer, ...env },
    ...{ workspace: tree.dir, temp },
    context: {
      'github.repository': 'team/mono',
      ...context,
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`inputs.${name}`, value])),
    },
    use(uses, { path = '' }) {
      expect(path).toContain('~/.cache/slipway');
      const here = join(local, 'slipway');
      if (uses.startsWith('actions/cache/save@')) cpSync(here, kept, { recursive: true });
      else if (existsSync(kept)) cpSync(kept, here, { recursive: true });
    },
  });
}

const runner = (): Repo => new Repo('plain').init('v1.2.3');
const eventsOf = (job: JobEnd): Event[] =>
  (job.printed[RUN] ?? '').split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));
const built = (job: JobEnd): Record<string, number> => {
  const ends = eventsOf(job).flatMap((event) =>
    event.kind === 'step-finished' ? (event.outcome.parts ?? []).map(({ is }) => is) : [],
  );
  return Object.fromEntries([...Map.groupBy(ends, (is) => is)].map(([is, all]) => [is, all.length]));
};
const contents = (): string[] =>
  (readdirSync(server.directory, { recursive: true }) as string[]).filter((path) => /[0-9a-f]{64}/.test(path)).sort();

test('a cold runner builds and keeps its results; a warm one restores them, and both write a summary and JUnit', async () => {
  await using cold = runner();
  const first = run(cold, { context: PUSH, inputs: { arguments: 'all --json', reports: '_artifacts' } });
  expect(first.ok, first.printed[RUN]).toBe(true);
  expect(built(first)).toEqual({ ran: 2 });
  expect(first.summary).toContain('### slipway all');
  expect(first.summary).toContain('✅ done in');
  expect(cold.read('_artifacts/junit_build.xml')).toMatch(/<testsuites tests="2" failures="0"/);
  await using warm = runner();
  const second = run(warm, { context: PUSH, inputs: { arguments: 'all --json' } });
  expect(built(second)).toEqual({ restored: 2 });
  const third = run(warm, { context: PUSH, inputs: { arguments: 'all', reports: '_artifacts' } });
  expect(third.summary).toContain('✅ done in');
  expect(warm.read('_artifacts/junit_build.xml')).toContain('<property name="slipway" value="fresh">');
  const path = join(repositoryRoot, 'docs/events.schema.json');
  const check = compileSchema(JSON.parse(readFileSync(path, 'utf8')) as object);
  expect([...eventsOf(first), ...eventsOf(second)].flatMap((event) => check(event))).toEqual([]);
});

test('a pull request from a fork restores the results of the main branch, keeps nothing, and the server takes nothing from it', async () => {
  await using own = runner();
  const headers = { 'remote-cache-headers': SECRET, cache: 'false' };
  const wrote = run(own, { context: PUSH, inputs: { arguments: 'all --json', ...headers }, remote: true });
  expect(wrote.ok, wrote.printed[RUN]).toBe(true);
  const before = contents();
  expect(before.length).toBeGreaterThan(0);
  rmSync(kept, { recursive: true, force: true });
  await using fork = runner();
  // GitHub gives the job of a fork no secrets.
  const read = run(fork, { context: FORK, inputs: { arguments: 'all --json' }, remote: true });
  expect(built(read)).toEqual({ restored: 2 });
  fork.write({ 'cmd/a/mallory.go': 'package main\n\nvar Mallory = 1\n' });
  const changed = run(fork, { context: FORK, inputs: { arguments: 'all --json' }, remote: true });
  expect(changed.ok).toBe(true);
  expect(built(changed)['ran']).toBe(1);
  expect(existsSync(kept)).toBe(false);
  // A fork's code may set any variable, but the server refuses it.
  fork.write({ 'cmd/a/mallory.go': 'package main\n\nvar Mallory = 2\n' });
  const forced = await fork.slipway(['all', '--json'], {
    env: { SLIPWAY_REMOTE_CACHE: server.url, SLIPWAY_REMOTE_CACHE_MODE: 'read-write' },
  });
  expect(forced.exit).toBe(0);
  expect(contents()).toEqual(before);
});

test('a build that fails is marked at its line, is in the summary and in JUnit, and an archive with another checksum is not run', async () => {
  await using tree = runner();
  tree.write({ 'cmd/a/broken.go': 'package main\n\nvar _ = undefinedName\n' });
  const failed = run(tree, { context: PUSH, inputs: { reports: '_artifacts' } });
  expect(failed.ok).toBe(false);
  expect(failed.printed[RUN]).toMatch(
    /^::error file=cmd\/a\/broken\.go,line=3,title=[^:]*::undefined: undefinedName$/m,
  );
  expect(failed.summary).toContain('<details open><summary>failed:');
  expect(failed.summary).toContain('undefined: undefinedName');
  expect(tree.read('_artifacts/junit_build.xml')).toMatch(
    /<failure message="Failed"[^>]*>[^<]*undefined: undefinedName/,
  );
  const other = run(tree, { context: PUSH, inputs: { sha256: '0'.repeat(64) } });
  expect(other.ok).toBe(false);
  expect(other.printed[RUN]).toBeUndefined();
});

interface GitLabJob {
  readonly variables: Readonly<Record<string, string | number>>;
  readonly cache: { readonly paths: readonly string[] };
  readonly script: readonly string[];
  readonly artifacts: { readonly reports: { readonly junit: string } };
}
interface ProwContainer {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

/** The blocks of YAML in docs/ci.md below a heading. */
function exampleOf(heading: string): unknown {
  const text = readFileSync(join(repositoryRoot, 'docs/ci.md'), 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  return parseYaml(/^```yaml\n([\s\S]*?)^```$/m.exec(section)![1]!);
}

const aTest = { 'cmd/a/a_test.go': 'package main\n\nimport "testing"\n\nfunc TestA(*testing.T) {}\n' };

/** In the job's container slipway is on PATH. */
function inJob(tree: Repo, argv: readonly string[], env: Readonly<Record<string, string>>) {
  const bin = join(tree.base, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'slipway'), `#!/bin/sh\nexec ${slipwayInShell()} "$@"\n`, { mode: 0o755 });
  const [program, ...words] = argv;
  return spawnSync(program!, words, {
    cwd: tree.dir,
    env: { ...tree.env, PATH: `${bin}:${tree.env['PATH']}`, ...env },
    encoding: 'utf8',
  });
}

test('the script of the example for GitLab builds and tests, and keeps and reports its files where the job expects them', async () => {
  await using tree = runner().write(aTest);
  const { test: job } = exampleOf('GitLab') as { readonly test: GitLabJob };
  const env = Object.fromEntries(
    Object.entries(job.variables).map(([name, value]) => [name, String(value).replace('$CI_PROJECT_DIR', tree.dir)]),
  );
  // Go's library is already compiled there.
  mkdirSync(join(tree.dir, '.cache'));
  symlinkSync(execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim(), env['GOCACHE']!);
  const ended = inJob(tree, ['bash', '-eo', 'pipefail', '-c', job.script.join('\n')], env);
  expect(ended.status, ended.stdout + ended.stderr).toBe(0);
  expect(readdirSync(join(tree.dir, job.cache.paths[0]!)).sort()).toEqual(
    expect.arrayContaining(['go-build', 'slipway']),
  );
  expect(globSync(job.artifacts.reports.junit, { cwd: tree.dir }).length).toBeGreaterThan(0);
});

test('the example for Prow builds, tests, writes nothing to the cache server, and reports where Prow expects it', async () => {
  await using tree = runner().write(aTest);
  const { presubmits } = exampleOf('Prow') as {
    readonly presubmits: Readonly<
      Record<string, readonly { readonly spec: { readonly containers: [ProwContainer] } }[]>
    >;
  };
  const [container] = Object.values(presubmits)[0]![0]!.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  const before = contents();
  const artifacts = join(tree.base, 'artifacts');
  mkdirSync(artifacts);
  const ended = inJob(tree, [...container.command, ...container.args], {
    ...env,
    SLIPWAY_REMOTE_CACHE: server.url,
    ARTIFACTS: artifacts,
  });
  expect(ended.status, ended.stdout + ended.stderr).toBe(0);
  expect(ended.stdout).toContain('done in');
  expect(readdirSync(artifacts).some((name) => /^junit_.*\.xml$/.test(name))).toBe(true);
  expect(contents()).toEqual(before);
});
