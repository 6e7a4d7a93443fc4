import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { isRunning, startedBy, until, whyNoProcesses } from '@slipway/testing';
import { runAttached, startProgram } from './program.ts';

const sh = (script: string, signal?: AbortSignal) => ({
  argv: ['sh', '-c', script],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  signal,
});

describe('a program that is started', () => {
  test('exchanges text with slipway while it runs', async () => {
    const program = await startProgram(sh('read line; echo "$line, too"; cat'));
    program.stdin.write('one\n');
    const [answer] = (await once(program.stdout, 'data')) as [Buffer];
    expect(answer.toString()).toBe('one, too\n');
    program.stdin.end('two');
    expect(await text(program.stdout)).toBe('two');
    expect(await program.ended).toBe(0);
  });

  test('has a connection in both directions beside its output', async () => {
    const program = await startProgram(sh('read line <&3; echo "$line, too" >&3; echo printed'), { connected: true });
    program.socket.write('one\n');
    const printed = text(program.stdout);
    expect(await text(program.socket)).toBe('one, too\n');
    expect(await printed).toBe('printed\n');
    program.socket.destroy();
    expect(await program.ended).toBe(0);
  });

  test('loses no output, even if it is short', async () => {
    for (let time = 0; time < 20; time += 1) {
      const program = await startProgram(sh('printf out; printf err >&2; exit 3'));
      expect(await text(program.stdout)).toBe('out');
      expect(await program.ended).toBe(3);
      expect(program.said()).toBe('err');
    }
  });

  test('ends before its children have closed its output', async () => {
    const program = await startProgram(sh('(sleep 0.3; echo late >&2) & exit 3'));
    program.stdout.resume();
    expect(await program.exited).toBe(3);
    expect(program.said()).toBe('');
    expect(await program.ended).toBe(3);
    expect(program.said()).toBe('late\n');
  });

  test('may end without reading its input', async () => {
    const program = await startProgram(sh('exec true'));
    program.stdout.resume();
    for (let piece = 0; piece < 8; piece += 1) program.stdin.write(Buffer.alloc(1 << 20));
    program.stdin.end();
    expect(await program.ended).toBe(0);
  });

  test('inherits no environment, and knows its directory', async () => {
    const program = await startProgram({ ...sh('echo "$HOME $PWD"'), cwd: '/usr' });
    expect(await text(program.stdout)).toBe(' /usr\n');
  });

  test('is stopped with its children after the signal', async ({ skip }) => {
    skip(whyNoProcesses !== undefined, whyNoProcesses);
    const stop = new AbortController();
    const program = await startProgram(sh('(trap "" INT; exec sleep 600) & echo there; exec sleep 600', stop.signal));
    await once(program.stdout, 'data');
    const sleeping = () => startedBy(process.pid).filter(({ command }) => command === 'sleep');
    await until('both sleep', () => sleeping().length === 2);
    const both = sleeping();
    stop.abort('SIGINT');
    expect(await program.ended).toBeUndefined();
    await until('both end', () => both.every(({ pid }) => !isRunning(pid)));
  });
});

describe('a program that cannot be started', () => {
  const starters = { startProgram, runAttached };
  test.each(Object.entries(starters))('is reported as missing by %s', async (_name, start) => {
    await expect(start({ ...sh(''), argv: ['no-such-program'] })).rejects.toMatchObject({
      failures: [{ code: 'TOOL_MISSING', tool: 'no-such-program' }],
    });
    await expect(start({ ...sh('true'), cwd: '/no/such/directory' })).rejects.toMatchObject({
      failures: [{ code: 'FILE_MISSING', path: '/no/such/directory' }],
    });
  });

  test.each(Object.entries(starters))('is not started by %s after the signal', async (_name, start) => {
    await expect(start(sh('exit 3', AbortSignal.abort('SIGINT')))).rejects.toMatchObject({
      failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }],
    });
  });
});

test('a program with our terminal returns its exit code', async () => {
  expect(await runAttached(sh('exit 3'))).toBe(3);
  expect(await runAttached(sh('kill -9 $$'))).toBeUndefined();
});
