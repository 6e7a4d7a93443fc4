import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryMemo } from '../files/memo.ts';
import { realCommandRunner } from '../process/real.ts';
import { realTestObserver } from './real.ts';
import type { TestObserver, TestWatch } from './port.ts';

const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
const strace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/**
 * A directory with packages. Scripts stand in for their test binaries, and write the log as Go's testing package does.
 */
class Packages implements Disposable {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-tests-')));
  readonly scratch: string;
  covers = false;
  /** The coverage profile of the last test. */
  profile: string | undefined;
  missed: readonly string[] = [];
  /** Variables in the environment of the call. `added` are the ones that Go gets in addition. */
  given: Record<string, string> = {};
  added: Record<string, string> = {};
  readonly observer: TestObserver = realTestObserver({
    ...{ runner: realCommandRunner(), memo: memoryMemo() },
    environment: { LANG: 'C', COLOUR: 'green' },
  });

  constructor(scratch = 'scratch') {
    this.scratch = join(this.base, scratch);
    mkdirSync(this.scratch);
  }

  open(environment: Record<string, string> = {}, name = 'a'): Promise<TestWatch> {
    const directories = new Map([[join(this.base, 'tree', name), `m/${name}`]]);
    return this.observer.open({
      scratch: this.scratch,
      environment: { PATH, TMPDIR: this.base, ...environment },
      directories,
      covers: this.covers,
    });
  }

  /** Runs a test binary with these lines of a shell script; `log LINE` writes into the log. */
  async run(name: string, lines: string, path = PATH): Promise<unknown> {
    const dir = join(this.base, 'tree', name);
    mkdirSync(dir, { recursive: true });
    const binary = join(this.scratch, `${name}.test`);
    writeFileSync(
      binary,
      `#!/bin/sh\nlog=\${1#-test.testlogfile=}\necho '# test log' >"$log"\nlog() { echo "$*" >>"$log"; }\n${lines}\n`,
      { mode: 0o700 },
    );
    const environment = { PATH: path, TMPDIR: this.base, LANG: 'C', ...this.given };
    await using watch = await this.open(environment, name);
    const script = watch.flags[0]!.replace('-exec=', '').replaceAll("'", '');
    execFileSync(script, [binary, '-test.v'], { cwd: dir, env: { ...environment, ...this.added, PATH } });
    const profile = (await watch.profiles()).get(dir);
    this.profile = profile && readFileSync(profile, 'utf8');
    const seen = (await watch.read()).get(dir);
    this.missed = watch.missed();
    return seen;
  }

  get left(): string[] {
    return readdirSync(this.base).filter((name) => name.startsWith('sw-'));
  }

  path(name: string): string {
    return join(this.base, 'tree', name);
  }

  [Symbol.dispose](): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

test('files that a test reads are reported, and files that it creates in its own temporary directory are not', async () => {
  using packages = new Packages();
  const seen = await packages.run(
    'a',
    'echo x >"$TMPDIR/own"; log "open $TMPDIR/own"; log open in; log open .; log getenv LANG',
  );
  expect(seen).toEqual({
    files: [packages.path('a/in'), packages.path('a')],
    listings: [packages.path('a')],
    variables: ['LANG'],
  });
  expect(packages.left).toEqual([]);
});

test('only a test with coverage gets a path for its profile', async () => {
  using packages = new Packages();
  const lines = 'case $2 in -test.coverprofile=*) echo "mode: set" >"${2#-test.coverprofile=}" ;; esac';
  packages.covers = true;
  await packages.run('a', lines);
  expect(packages.profile).toBe('mode: set\n');
  packages.covers = false;
  await packages.run('b', lines);
  expect(packages.profile).toBeUndefined();
});

test("a test does not see the variables for Go's own garbage collector, and sees those of its user", async () => {
  using packages = new Packages();
  packages.added = { GOGC: 'off', GOMEMLIMIT: '1GiB' };
  expect(await packages.run('a', 'test -z "$GOGC$GOMEMLIMIT"')).toMatchObject({ files: [] });
  packages.given = { GOGC: '50' };
  packages.added = {};
  expect(await packages.run('b', 'test "$GOGC$GOMEMLIMIT" = 50')).toMatchObject({ files: [] });
});

test('a variable that is set, that tests ask for and that they do not get, is reported', async () => {
  using packages = new Packages();
  await packages.run('a', 'log getenv LANG; log getenv COLOUR; log getenv UNSET');
  expect(packages.missed).toEqual(['COLOUR']);
});

test('the reads of a test that ends before its log does are unknown', async () => {
  using packages = new Packages();
  expect(await packages.run('a', 'printf "open x" >>"$log"')).toEqual({
    unknown: 'it ended before it reported what it read',
  });
});

test('a process that a test leaves behind is ended, and the reads of the test are unknown', async () => {
  using packages = new Packages();
  const seen = await packages.run('a', `setsid sleep 300 >/dev/null 2>&1 & echo $! >${packages.base}/pid`);
  expect(seen).toEqual({ unknown: expect.stringMatching(/^it left the program (sleep|setsid|sh) running/) });
  const pid = execFileSync('cat', [join(packages.base, 'pid')], { encoding: 'utf8' }).trim();
  const state = existsSync(`/proc/${pid}/stat`)
    ? execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' })
    : 'gone Z';
  expect(state).toContain(' Z');
});

test('the reads of tests that run programs are unknown the first time, and traced from then on', async (context) => {
  if (!strace) context.skip('no strace');
  using packages = new Packages();
  mkdirSync(packages.path('b'), { recursive: true });
  writeFileSync(packages.path('b/read'), 'x');
  const sh = join(dirname(execFileSync('sh', ['-c', 'command -v cat'], { encoding: 'utf8' }).trim()), 'cat');
  const lines = `log stat ${sh}; cat ../b/read >/dev/null; ls ../b >/dev/null; test -e ../b/absent || true`;
  expect(await packages.run('a', lines)).toEqual({
    unknown: 'its tests run programs, and what those read is not known',
  });
  const seen = await packages.run('a', lines);
  expect(seen).toMatchObject({
    files: expect.arrayContaining(['read', 'absent'].map((name) => packages.path(`b/${name}`))),
    listings: expect.arrayContaining([packages.path('b')]),
    variables: ['*'],
  });
});

/** Splits the value of -exec as Go does: cmd/internal/quoted.Split. */
const splitAsGo = (value: string): string[] =>
  [...value.matchAll(/\s*(?:'([^']*)'|"([^"]*)"|(\S+))/g)].map(([, one, two, three]) => one ?? two ?? three!);

test.for(['plain', 'a space', "a ' and a space", 'a " and a space', `it's "quoted" and spaced`, `it's"quoted`])(
  'Go finds the program that starts tests in the directory %s',
  async (name) => {
    using packages = new Packages(name);
    await using watch = await packages.open();
    const words = splitAsGo(watch.flags[0]!.slice('-exec='.length));
    expect(words).toHaveLength(1);
    expect(existsSync(words[0]!)).toBe(true);
  },
);

test('two processes with the same id are distinguished', async () => {
  using packages = new Packages();
  await using watch = await packages.open();
  const script = watch.flags[0]!.replace('-exec=', '');
  // A shell and the program that replaces it have the same id.
  for (const name of ['a', 'b']) mkdirSync(packages.path(name), { recursive: true });
  const log = `printf '# test log\\n' >"\${1#-test.testlogfile=}"`;
  writeFileSync(join(packages.scratch, 'last'), `#!/bin/sh\n${log}\n`, { mode: 0o700 });
  writeFileSync(
    join(packages.scratch, 'first'),
    `#!/bin/sh\n${log}\ncd ${packages.path('b')} && exec ${script} ${packages.scratch}/last\n`,
    { mode: 0o700 },
  );
  execFileSync(script, [join(packages.scratch, 'first')], { cwd: packages.path('a') });
  expect([...(await watch.read()).keys()].sort()).toEqual([packages.path('a'), packages.path('b')]);
});

test('the next run of a tree removes the leftovers of a killed one, and nothing else', async () => {
  using packages = new Packages();
  // Never disposed, as after kill -9.
  await packages.open();
  mkdirSync(join(packages.base, 'sw-other'));
  expect(packages.left).toHaveLength(2);
  {
    await using _watch = await packages.open();
    expect(packages.left).toHaveLength(2);
  }
  expect(packages.left).toEqual(['sw-other']);
});

test('tests run with a missing or relative TMPDIR', async () => {
  using packages = new Packages();
  for (const TMPDIR of [join(packages.base, 'absent'), '.'])
    await (await packages.open({ TMPDIR }))[Symbol.asyncDispose]();
  expect(packages.left).toEqual([]);
  expect(readdirSync('.').filter((name) => name.startsWith('sw-'))).toEqual([]);
});

test('a package that reads before its first test is traced, and its reads are unknown without a trace', async (context) => {
  if (!strace) context.skip('no strace');
  using packages = new Packages();
  mkdirSync(packages.path('a'), { recursive: true });
  writeFileSync(packages.path('a/a_test.go'), 'package a\n\nvar golden, _ = os.ReadFile("in")\n');
  writeFileSync(packages.path('a/in'), 'x');
  expect(await packages.run('a', 'while read line; do :; done <in')).toMatchObject({
    files: expect.arrayContaining([packages.path('a/in')]),
  });
  expect(await packages.run('a', ':', '/nowhere')).toEqual({ unknown: expect.stringContaining('TestMain') });
});
