import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const stopOnSignals = join(import.meta.dirname, 'stop-on-signals.ts');

/** Starts a process, waits until it is ready, and sends signals. Returns how it ended and after what time. */
async function stopped(script: string, ...signals: readonly NodeJS.Signals[]) {
  const source = `
    const { stopOnSignals } = await import(${JSON.stringify(stopOnSignals)});
    const stopping = stopOnSignals();
    setTimeout(() => { console.log('there'); ${script} }, 500);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await once(child.stdout, 'data');
  const from = performance.now();
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [exit, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { exit, by, said, milliseconds: performance.now() - from };
}

const BLOCKED = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
const NEVER_DONE = 'setInterval(() => {}, 1000);';

describe('a process that does not end on its own', () => {
  const hard = [
    ['waits in a call', BLOCKED, ['SIGTERM']],
    ['waits in a call', BLOCKED, ['SIGINT']],
    ['computes for ever', 'for (;;);', ['SIGINT', 'SIGINT']],
  ] as const;
  test.for(hard)('and %s is killed after %s %s, with a message', async ([, script, signals], { skip }) => {
    skip(!existsSync('/proc/self/fd'), 'a loop that is blocked is watched through /proc');
    const { by, said, milliseconds } = await stopped(script, ...signals);
    expect(by, said).toBe('SIGKILL');
    expect(said).toContain(`stopped by ${signals[0]}, and what it was doing did not end: killed`);
    expect(milliseconds).toBeLessThan(10_000);
  });

  test.for([[['SIGTERM']], [['SIGINT', 'SIGINT']]] as const)('but waits exits with 130 after %s', async ([signals]) => {
    const { exit, said } = await stopped(NEVER_DONE, ...signals);
    expect({ exit, said }).toMatchObject({ exit: 130, said: expect.stringContaining('[INTERRUPTED]') });
  });
});
