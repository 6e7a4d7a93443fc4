import { existsSync, readFileSync, rmSync, watch } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { BlockedGoTool } from '../src/blocked-go-tool.ts';
import { isRunning, processesOf, startedBy, until, whyNoProcesses } from '../src/processes.ts';
import { leftovers, stampOf } from '../src/listing.ts';
import { repo } from '../src/repo-rig.ts';
import { slipwayInShell, startProcess } from '../src/slipway-process.ts';

const host = hostPlatform();

describe('a run that is stopped in the middle of a build', () => {
  const stops = [
    { signal: 'SIGINT', to: 'process' },
    { signal: 'SIGINT', to: 'group' },
    { signal: 'SIGTERM', to: 'process' },
  ] as const;

  test.for(stops)(
    'by $signal to its $to: nothing is left, and the next run is right',
    async ({ signal, to }, { skip }) => {
      skip(whyNoProcesses !== undefined, whyNoProcesses);
      await using tree = repo('plain');
      const blockedTool = new BlockedGoTool(tree);
      const running = tree.start(['all', `GOFLAGS=${blockedTool.goFlags}`]);
      await blockedTool.reached();
      running.signal(signal, to);
      expectFailure(await running.ended, 'INTERRUPTED', {
        says: `stopped by ${signal}`,
        hint: 'run the same command again',
      });
      expect(processesOf(tree.base)).toEqual([]);
      expect(leftovers(tree.path('_output'))).toEqual([]);
      blockedTool.open();
      expectDone(await tree.slipway(['all', `GOFLAGS=${blockedTool.goFlags}`]));
      expect(tree.output('_output/bin/a')).toMatch('hello from a');
    },
  );

  test('by Ctrl-C at a terminal: the terminal is left in order', async ({ skip }) => {
    await using tree = repo('plain');
    const blockedTool = new BlockedGoTool(tree);
    const line = `${slipwayInShell()} all GOFLAGS=${blockedTool.goFlags}`;
    // A program that gives its child a terminal, types Ctrl-C at the gate, and exits with the child's code.
    const terminal = `
import os, pty, sys, time
pid, fd = pty.fork()
if pid == 0: os.execvp('sh', ['sh', '-c', 'exec ' + sys.argv[1]])
while not os.path.exists(sys.argv[2]): time.sleep(0.02)
time.sleep(0.3)
os.write(fd, b'\\x03')
seen = b''
try:
    while True:
        read = os.read(fd, 65536)
        if not read: break
        seen += read
except OSError: pass
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
    const { why, exit, stdout } = await startProcess('python3', ['-c', terminal, line, tree.path('../gate/reached')], {
      cwd: tree.dir,
      env: { ...tree.env, TERM: 'xterm' },
    }).ended.then(
      (ended) => ({ why: undefined, ...ended }),
      (error: Error) => ({
        why: `python3 is needed to make a terminal: ${error.message}`,
        exit: undefined,
        stdout: '',
      }),
    );
    skip(why !== undefined, why);
    expect({ exit, left: processesOf(tree.base) }).toEqual({ exit: 130, left: [] });
    expect(stdout).toMatch(/stopped by SIGINT \[INTERRUPTED\]/);
    expect(stdout.lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(stdout.lastIndexOf('\u001B[?25l'));
  });

  test("while slipway asks the tree's scripts", async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    await using tree = repo('vendored');
    const text = tree.read('hack/lib/golang.sh');
    tree.write({
      'hack/lib/golang.sh': text.replace(
        'readonly',
        `: >'${tree.path('../asked')}'; while :; do sleep 0.1; done\nreadonly`,
      ),
    });
    const running = tree.start(['all']);
    await until('the script is asked', () => existsSync(tree.path('../asked')));
    running.signal('SIGINT');
    expectFailure(await running.ended, 'INTERRUPTED');
    expect(processesOf(tree.base)).toEqual([]);
  });
});

describe('a run that is killed', () => {
  test('while Go links: no started program is left, and the next run is right', async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    await using tree = repo('plain');
    expectDone(await tree.slipway(['all']));
    const before = stampOf(tree.path(tree.published('b')));
    tree.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { println("second") }\n' });
    const blockedTool = new BlockedGoTool(tree);
    const running = tree.start(['all', `GOFLAGS=${blockedTool.goFlags}`]);
    await blockedTool.reached();
    const started = startedBy(running.pid);
    expect(started.map(({ command }) => command)).toContain('go');
    running.signal('SIGKILL');
    await running.ended;
    await until(`all of ${started.map(({ command }) => command).join(', ')} ended`, () =>
      started.every(({ pid }) => !isRunning(pid)),
    );
    expect(processesOf(tree.base)).toEqual([]);
    expect(stampOf(tree.path(tree.published('b')))).toBe(before);
    tree.write({ 'cmd/b/b.go': 'package main\n\nfunc main() { println("third") }\n' });
    expectDone(await tree.slipway(['all']));
    expect(tree.output(tree.published('b'))).toBe('third');
    expect(tree.output('_output/local/go/bin/b')).toBe('third');
    expect(leftovers(tree.path('_output'))).toEqual([]);
  });

  test('between its lock and its .gitignore: the next release has the stamps of an undisturbed tree', async ({
    skip,
  }) => {
    await using tree = repo('plain');
    const killed = async (): Promise<boolean> => {
      const running = tree.start(['a']);
      await until('the lock is there', () => existsSync(tree.path('_output/local/.lock')));
      running.signal('SIGKILL');
      await running.ended;
      return !existsSync(tree.path('_output/.gitignore'));
    };
    let between = await killed();
    for (let tries = 1; tries < 5 && !between; tries += 1) {
      rmSync(tree.path('_output'), { recursive: true });
      between = await killed();
    }
    skip(!between, 'this machine writes faster than a process can be killed');
    expect(tree.git('status', '--porcelain')).toBe('?? _output/');
    expectDone(await tree.slipway(['a', '--profile', 'release']));
    expect(tree.output('_output/bin/a')).toMatch(/^hello from a v1\.2\.3 [0-9a-f]+ clean /);
  });

  test('while it publishes: the old file stays whole, and the leftovers are swept', async ({ skip }) => {
    await using tree = repo('plain');
    const program = (says: string): string =>
      `package main\n\nvar ballast = [48 << 20]byte{1}\n\nfunc main() { println("${says}", len(ballast[ballast[0]:])) }\n`;
    const directory = tree.path('_output/local/bin', host);
    tree.write({ 'cmd/b/b.go': program('version 0') });
    expectDone(await tree.slipway(['b']));
    for (let version = 1; version <= 5; version += 1) {
      tree.write({ 'cmd/b/b.go': program(`version ${version}`) });
      const before = readFileSync(tree.path(tree.published('b')));
      const running = tree.start(['b']);
      const watcher = watch(directory, () => running.signal('SIGKILL'));
      await running.ended;
      watcher.close();
      const halfway = leftovers(directory).length > 0;
      const after = readFileSync(tree.path(tree.published('b')));
      const whole = halfway ? before : readFileSync(tree.path('_output/local/go/bin/b'));
      expect(after.equals(before) || after.equals(whole), 'the published file is the old one or the new one').toBe(
        true,
      );
      expectDone(await tree.slipway(['b']));
      expect(tree.output(tree.published('b'))).toMatch(`version ${version} `);
      expect(leftovers(tree.path('_output'))).toEqual([]);
      if (halfway) return;
    }
    skip('this disk copies faster than a process can be killed');
  });
});

describe('two builds of one tree', () => {
  test('take turns; the second names the first one, and both are right', async () => {
    await using tree = repo('plain');
    const blockedTool = new BlockedGoTool(tree);
    const first = tree.start(['a', `GOFLAGS=${blockedTool.goFlags}`]);
    await blockedTool.reached();
    const second = tree.start(['b']);
    await until('the second waits', () => second.printed().includes('waiting'));
    expect(second.printed()).toMatch(
      new RegExp(`waiting   another build of this tree to end \\(process ${first.pid}: .*slipway\\.cjs a `),
    );
    expectDone(await tree.slipway(['-n', 'all']));
    blockedTool.open();
    expectDone(await first.ended);
    expectDone(await second.ended);
    expect([tree.output('_output/bin/a'), tree.output('_output/bin/b')]).toEqual([
      expect.stringMatching('hello from a'),
      'hello from b',
    ]);
  });

  test('can be stopped while they wait, and the other one continues', async () => {
    await using tree = repo('plain');
    const blockedTool = new BlockedGoTool(tree);
    const first = tree.start(['a', `GOFLAGS=${blockedTool.goFlags}`]);
    await blockedTool.reached();
    const second = tree.start(['b']);
    await until('the second waits', () => second.printed().includes('waiting'));
    second.signal('SIGINT');
    expectFailure(await second.ended, 'INTERRUPTED');
    blockedTool.open();
    expectDone(await first.ended);
    expect(tree.output('_output/bin/a')).toMatch('hello from a');
  });

  test('with their own directories do not wait for each other', async () => {
    await using tree = repo('plain');
    const blockedTool = new BlockedGoTool(tree);
    const first = tree.start(['a', `GOFLAGS=${blockedTool.goFlags}`]);
    await blockedTool.reached();
    expectDone(await tree.slipway(['b', 'OUT_DIR=out2']));
    expect(tree.output('out2/bin/b')).toBe('hello from b');
    blockedTool.open();
    expectDone(await first.ended);
  });
});
