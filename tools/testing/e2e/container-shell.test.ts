import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildContainers, eventually, smallestImage, whyNoEngine } from '../src/engine-rig.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { expectDone } from '../src/expect-failure.ts';
import { PseudoTerminal } from '../src/pseudo-terminal.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

const why = (await whyNoEngine()) ?? whyWithout('python3');

describe('a shell in the build container', unless(why), () => {
  let tree: Repo;

  beforeAll(async () => {
    tree = repo('plain').write({ 'build/build-image/packages.txt': smallestImage });
    expectDone(await tree.slipway(['make-build-image', '--from-packages']));
  });

  afterAll(async () => {
    await tree.slipway(['make-clean']);
    await tree[Symbol.asyncDispose]();
  });

  const at = (...args: string[]): PseudoTerminal => new PseudoTerminal(args, { cwd: tree.dir, env: tree.env });
  const gone = (): Promise<void> => eventually(async () => (await buildContainers(tree)).length === 0);

  test('has a terminal of our size, and follows its changes', async () => {
    await using shell = at('shell');
    await shell.shows(/[$#] /);
    shell.type('tty; stty size; echo "in $PWD, $TERM"\r');
    await shell.shows(/\/dev\/pts\/\d+\r\n24 80\r\nin \/go\/src\/plain\.example\/plain, xterm\r\n/);
    shell.resize(101, 33);
    shell.type('until [ "$(stty size)" = "33 101" ]; do sleep 0.1; done; echo it "is so"\r');
    await shell.shows(/it is so\r\n/);
    shell.type('exit 7\r');
    expect(await shell.exit).toBe(7);
    await gone();
  });

  test('passes Ctrl-C to its program, and ends with Ctrl-D', async () => {
    await using shell = at('shell');
    await shell.shows(/[$#] /);
    shell.type(`bash -c 'trap "exit 9" INT; echo re""ady; sleep 600'\r`);
    await shell.shows(/ready/);
    shell.type('\x03');
    await shell.shows(/\^C/);
    shell.type('echo "after $?"\r');
    await shell.shows(/after 9\r\n/);
    shell.type('\x04');
    expect(await shell.exit).toBe(0);
    await gone();
  });

  test('takes words, and ends with their exit code', async () => {
    await using shell = at('shell', '--', '-c', 'test -t 0 && test -t 1 && exit 5');
    expect(await shell.exit).toBe(5);
    await gone();
  });

  test('ends when the terminal is closed', async () => {
    await using shell = at('shell');
    await shell.shows(/[$#] /);
    shell.hangUp();
    expect(await shell.exit).toBe(130);
    await gone();
  });

  test('stops at Ctrl-C before it has begun', async () => {
    await using running = at('--explain', 'shell');
    await running.shows(/data container/);
    running.type('\x03');
    await running.shows(/stopped by SIGINT/);
    expect(await running.exit).toBe(130);
    await gone();
  });

  test('without a terminal reads its input', async () => {
    const ended = await tree.slipway(['shell', '--', '-c', 'test -t 0 || exit 9']);
    expect(ended.exit).toBe(9);
  });
});
