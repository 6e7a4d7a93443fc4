import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isRunning, startedBy, until, whyNoProcesses } from '@slipway/testing';

const base = mkdtempSync(join(tmpdir(), 'slipway-guard-'));
afterAll(() => rmSync(base, { recursive: true }));

/**
 * Runs a script that may use `start` and `realCommandRunner`, until it prints a line. The guard knows every child that
 * the script sees with `until`, because there is no turn of the loop between the two calls.
 */
async function running(script: string): Promise<ChildProcess> {
  const modules = {
    startProgram: join(import.meta.dirname, 'program.ts'),
    realCommandRunner: join(import.meta.dirname, 'real.ts'),
    'until, startedBy': join(import.meta.dirname, '../../../testing/src/processes.ts'),
  };
  const imports = Object.entries(modules).map(
    ([names, file]) => `const { ${names} } = await import(${JSON.stringify(file)});`,
  );
  const child = spawn(process.execPath, ['--input-type=module', '-e', [...imports, START, script].join('\n')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  return child;
}

const START = `const start = (argv) => startProgram({ argv, cwd: '/', env: { PATH: process.env.PATH } });`;

/** The guard, the program, and the children of the program. */
const untilStarted = `
  const commands = () => startedBy(process.pid).map(({ command }) => command).sort().join(' ');
  await until('all of it is started', () => commands() === 'sh sleep sleep');
  console.log('there');`;

/** Ends with a child that ignores signals. */
const stubborn = ['sh', '-c', `trap '' INT TERM HUP; (trap '' INT TERM HUP; exec sleep 600) & exec sleep 600`];

const ways = [
  { what: 'started', script: `void start(${JSON.stringify(stubborn)});` },
  {
    what: 'run',
    script: `void realCommandRunner().run({ argv: ${JSON.stringify(stubborn)}, cwd: '/', env: { PATH: process.env.PATH } });`,
  },
];

describe('when this process is gone', () => {
  test.for(ways)(
    'nothing is left of a program that it had $what, and nothing of the guard',
    async ({ script }, { skip }) => {
      skip(whyNoProcesses !== undefined, whyNoProcesses);
      const child = await running(`${script} ${untilStarted} setInterval(() => {}, 1000);`);
      const started = startedBy(child.pid!);
      expect(started).toHaveLength(3);
      child.kill('SIGKILL');
      await until('all of it ends', () => started.every(({ pid }) => !isRunning(pid)));
    },
  );

  test('nothing is left either if it ends by its own decision', async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    const child = await running(`
      (await start(${JSON.stringify(stubborn)})).unref();
      process.on('SIGUSR2', () => process.exit(0));
      ${untilStarted}
      setInterval(() => {}, 1000);`);
    const started = startedBy(child.pid!);
    expect(started).toHaveLength(3);
    child.kill('SIGUSR2');
    await until('all of it ends', () => started.every(({ pid }) => !isRunning(pid)));
  });
});

test('the guard forgets a process that has ended, even if another one gets its number', async () => {
  const child = await running(`
    for (let count = 0; count < 20; count += 1)
      await (await start(['true'])).exited;
    await start(['sleep', '600']);
    console.log('there');
    setInterval(() => {}, 1000);`);
  const [sleeping] = startedBy(child.pid!).filter(({ command }) => command === 'sleep');
  child.kill('SIGKILL');
  await until('it ends', () => !isRunning(sleeping!.pid));
});
