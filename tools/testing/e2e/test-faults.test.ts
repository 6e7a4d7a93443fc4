import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectFailure } from '../src/expect-failure.ts';
import { withMounts } from '../src/other-machine.ts';
import { isRunning, processesOf, startedBy, until, whyNoProcesses } from '../src/processes.ts';
import { type Ended, type Running } from '../src/slipway-process.ts';
import { type Built, WatchedRepo } from '../src/watched-repo.ts';

/** A package of one test. */
const one = (name: string, imports: readonly string[], body: string, more = ''): Record<string, string> => ({
  [`${name}/${name}_test.go`]: `package ${name}\n\nimport (\n${['testing', ...imports].map((each) => `\t"${each}"`).join('\n')}\n)\n\nfunc TestIt(t *testing.T) {\n\t${body}\n}\n${more}`,
});

/** A module of these packages; what its tests write for themselves lies in a directory of its own. */
class Faults extends WatchedRepo {
  readonly tmp = join(this.base, 'tmp');

  constructor(packages: Readonly<Record<string, string>>) {
    super('empty');
    this.write({ '.gitignore': '/_output/\n', 'go.mod': 'module t.example/m\n\ngo 1.24\n', ...packages }).init();
    mkdirSync(this.tmp);
  }

  tested(args: readonly string[] = []): Promise<Built> {
    return this.build(['test', ...args], { env: { TMPDIR: this.tmp } });
  }

  testing(): Running {
    return this.start(['test'], { env: { TMPDIR: this.tmp } });
  }

  get left(): string[] {
    return readdirSync(this.tmp).filter((name) => name.startsWith('sw-'));
  }
}

const told = ({ statuses }: Built): Record<string, string> =>
  Object.fromEntries(
    [...statuses].map(([name, { is, why }]) => [name.slice(name.lastIndexOf('/') + 1), `${is}: ${why}`]),
  );

/** What Go and its tests said, as it is printed. */
const printed = ({ stdout, stderr }: Ended): string =>
  `${stdout}${stderr}`.replaceAll('\\n', '\n').replaceAll('\\t', '\t');

describe('tests with faults', () => {
  let tree: Faults;
  let first: Built;
  let processes: string[];

  beforeAll(async () => {
    tree = new Faults({
      ...one('good', [], ''),
      ...one('hangs', [], 'select {}'),
      ...one(
        'daemon',
        ['os/exec', 'syscall'],
        'c := exec.Command("sleep", "300")\n\tc.SysProcAttr = &syscall.SysProcAttr{Setsid: true}\n\tif err := c.Start(); err != nil { t.Fatal(err) }',
      ),
      ...one('author', ['os'], 'if err := os.WriteFile("made", []byte("x"), 0o644); err != nil { t.Fatal(err) }'),
      ...one('cleans', ['os'], 'os.WriteFile("made", nil, 0o644)\n\tos.Remove("made")'),
      ...one(
        'reader',
        ['os', 'time'],
        'for range 600 { if _, err := os.ReadFile("../author/made"); err == nil { return }; time.Sleep(50*time.Millisecond) }\n\tt.Fatal("never written")',
      ),
      ...one('terminal', ['os'], 'if _, err := os.Open("/dev/tty"); err != nil { t.Fatal("needs a terminal: ", err) }'),
      ...one('killed', ['syscall'], 'syscall.Kill(syscall.Getpid(), syscall.SIGKILL); select {}'),
      ...one('exits', ['os'], 'os.Exit(0)'),
      ...one('leaves', ['os'], '', '\nfunc TestMain(m *testing.M) { os.Exit(0) }\n'),
    });
    first = await tree.tested(['KUBE_TIMEOUT=-timeout=20s']);
    processes = whyNoProcesses === undefined ? processesOf(tree.base) : [];
  });
  afterAll(async () => tree[Symbol.asyncDispose]());

  test('one message names the failed tests; a test that waits for ever ends with the stacks of its goroutines', () => {
    expect(first.exit).toBe(1);
    const text = printed(first);
    expect(text).toMatch(/tests failed in 4 of 10 packages/);
    expect(text).toContain('test timed out after 20s');
    expect(text).toMatch(/goroutine \d+ \[/);
    expect(text).toContain('signal: killed');
    expect(text).toContain('unexpected call to os.Exit(0) during test');
    expect(text).toContain('needs a terminal');
  });

  test('a test that passed is kept, unless it left something behind, and then slipway reports it', () => {
    expect(told(first)).toEqual({
      good: 'ran: slipway knows what it reads only after one run',
      daemon: expect.stringMatching(/^ran: .*not kept: it left the program sleep running, which was ended$/),
      author: expect.stringMatching(/^ran: .*not kept: .*author\/made was written or removed while it ran$/),
      cleans: expect.stringMatching(/^ran: .*not kept: .*cleans\/made was written or removed while it ran$/),
      reader: expect.stringMatching(/^ran: .*not kept: .*author\/made was written or removed while it ran$/),
      leaves: expect.stringMatching(/^ran: .*not kept: it ended before it reported what it read$/),
      ...Object.fromEntries(
        ['hangs', 'terminal', 'killed', 'exits'].map((name) => [name, expect.stringMatching(/^failed/)]),
      ),
    });
  });

  test('no process is left, and no directory', ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    expect({ processes, left: tree.left }).toEqual({ processes: [], left: [] });
  });

  test('the next run repeats tests that were not kept, and a file that nobody writes any more is like any other', async () => {
    const next = await tree.tested(['WHAT=good reader leaves', 'KUBE_TIMEOUT=-timeout=20s']);
    expect(told(next)).toMatchObject({
      good: 'fresh: nothing it depends on changed',
      leaves: expect.stringMatching(/^ran/),
    });
    expect(told(next)['reader']).not.toContain('not kept');
  });
});

test('a test that prints 200 MB costs no memory, and is shown with its beginning and its end', async () => {
  await using tree = new Faults(
    one(
      'prints',
      ['fmt', 'os', 'strings'],
      'line := strings.Repeat("x", 1<<16)\n\tfor i := range 3200 { fmt.Fprintln(os.Stdout, i, line) }\n\tt.Fatal("the end")',
    ),
  );
  const ended = await tree.slipway(['test'], { env: { NODE_OPTIONS: '--max-old-space-size=160' } });
  expectFailure({ ...ended, stdout: '' }, 'TESTS_FAILED');
  expect(ended.stdout).toMatch(/characters are left out/);
  expect(ended.stdout).toContain('the end');
  expect(ended.stdout.length).toBeLessThan(2 ** 20);
});

test('a test that fills the disk fails with its output, and the next run is right', async ({ skip }) => {
  await using tree = new Faults({
    ...one('good', [], ''),
    ...one(
      'fills',
      ['os', 'path/filepath'],
      'if err := os.WriteFile(filepath.Join(t.TempDir(), "big"), make([]byte, 8<<20), 0o644); err != nil { t.Fatal(err) }',
    ),
  });
  const { why, wrapper } = withMounts(tree, `mount -t tmpfs -o size=1m tmpfs '${tree.tmp}'`);
  skip(why !== undefined, why);
  const args = ['--json', 'test'];
  const full = await tree.slipway(args, { wrapper, env: { TMPDIR: tree.tmp } });
  expect(full.exit).toBe(1);
  expect(printed(full)).toMatch(/tests failed in 1 of 2 packages: t\.example\/m\/fills \(TestIt\)/);
  expect(printed(full)).toContain('no space left on device');
  expect(told(await tree.tested())).toEqual({
    good: expect.stringMatching(/^fresh/),
    fills: expect.stringMatching(/^ran/),
  });
});

test('a failure in quarantine does not fail the run, and is reported; a crash, or a test no longer in quarantine, counts', async () => {
  const row = (name: string, day: string): string =>
    `{ package: '${name}', test: 'TestIt', reason: 'the server is slow', until: '${day}' }`;
  const rows = [row('shaky', '2999-12-31'), row('crashes', '2999-12-31'), row('t.example/m/late', '2020-02-29')];
  await using tree = new Faults({
    'slipway.config.ts': `export default { tests: { quarantine: [${rows.join(', ')}] } };\n`,
    ...one('shaky', [], 't.Run("part", func(t *testing.T) { t.Error("too late") })'),
    ...one('crashes', [], 'panic("gone")'),
    ...one('late', [], 't.Error("too late")'),
  });
  const only = await tree.slipway(['test', 'WHAT=shaky', 'ARTIFACTS=../reports']);
  expect(only.exit, printed(only)).toBe(0);
  expect(printed(only)).toMatch(/1 package: 1 quarantined · 2 tests: 2 quarantined/);
  const [report] = readdirSync(tree.path('../reports'));
  expect(tree.read(`../reports/${report}`)).toContain('quarantined until 2999-12-31: the server is slow');
  expect(printed(await tree.slipway(['test', 'history', './shaky']))).toMatch(/1 quarantined.*\n.*TestIt/);
  const all = await tree.tested();
  expect(told(all)['shaky']).toMatch(/^ran: .*not kept: tests in quarantine failed \(TestIt\)$/);
  expect(all.exit).toBe(1);
  expect(printed(all)).toMatch(/tests failed in 2 of 3 packages/);
  expect(printed(all)).toContain('its quarantine ended on 2020-02-29: failures count again');
});

describe('a run that is stopped', () => {
  const slow = 'time.Sleep(10 * time.Minute)';
  const packages = { ...one('quick', [], ''), ...one('slow', ['time'], slow) };
  const isQuickDone = (running: Running) => () => /^ok\s+t\.example\/m\/quick/m.test(running.printed());
  const isSlowThere = (running: Running) => () => startedBy(running.pid).some(({ command }) => command === 'slow.test');

  test('by Ctrl-C: what passed is kept; no process is left, and no directory', async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    await using tree = new Faults(packages);
    const running = tree.testing();
    await until('the quick one passed', isQuickDone(running));
    await until('the slow one runs', isSlowThere(running));
    running.signal('SIGINT');
    const ended = await running.ended;
    expectFailure(ended, 'INTERRUPTED');
    expect({ processes: processesOf(tree.base), left: tree.left }).toEqual({ processes: [], left: [] });
    tree.write({ 'slow/slow_test.go': one('slow', [], '')['slow/slow_test.go'] });
    expect(told(await tree.tested())).toEqual({
      quick: expect.stringMatching(/^fresh/),
      slow: expect.stringMatching(/^ran/),
    });
  });

  test('by kill -9: no process is left, and the next run is right and removes the leftovers', async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    await using tree = new Faults(packages);
    const running = tree.testing();
    await until('the slow one runs', isSlowThere(running));
    const started = startedBy(running.pid);
    running.signal('SIGKILL');
    await running.ended;
    await until('all of it ended', () => started.every(({ pid }) => !isRunning(pid)));
    expect(processesOf(tree.base)).toEqual([]);
    tree.write({ 'slow/slow_test.go': one('slow', [], '')['slow/slow_test.go'] });
    expect(told(await tree.tested())).toEqual({
      quick: expect.stringMatching(/^(ran|fresh)/),
      slow: expect.stringMatching(/^ran/),
    });
    expect(tree.left).toEqual([]);
  });
});

test('two clones that test at once and share a store run each test once', async () => {
  await using tree = new Faults(one('slow', ['time'], 'time.Sleep(4 * time.Second)'));
  tree.git('worktree', 'add', '--quiet', '--detach', '../a second');
  const run = (cwd: string): Running => tree.start(['--json', 'test'], { cwd, env: { TMPDIR: tree.tmp } });
  const ended = await Promise.all([run('.'), run('../a second')].map((running) => running.ended));
  expect(ended.map(({ exit }) => exit)).toEqual([0, 0]);
  const said = ended.map(
    ({ stdout }) => /"name":"t.example\/m\/slow","is":"(ran|fresh|restored|failed)"/.exec(stdout)?.[1],
  );
  expect(said.sort()).toEqual(['ran', 'restored']);
});
