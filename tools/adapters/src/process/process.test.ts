import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { commandRunnerContract } from './contract.ts';
import { fakeCommandRunner } from './fake.ts';
import { realCommandRunner } from './real.ts';

const PATH = '/usr/bin:/bin';
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'slipway-process-'));
});
afterAll(() => rm(dir, { recursive: true }));

commandRunnerContract('realCommandRunner', () => realCommandRunner());
commandRunnerContract('fakeCommandRunner', () =>
  fakeCommandRunner(({ argv }) => {
    if (argv[0] !== 'sh') throw new FailureError({ code: 'TOOL_MISSING', tool: argv[0]!, why: '', hint: '' });
    if (argv[2] === 'exit 3') return { exit: 3 };
    return {
      stdout: argv[2]!.includes('printf last') ? 'out\n\nlast' : 'out\n',
      stderr: argv[2]!.includes('echo go') ? 'go\nerr\n' : 'err\n',
    };
  }),
);

const shell = (script: string, more: { signal?: AbortSignal; input?: string; killAfter?: number } = {}) => {
  const { killAfter, ...rest } = more;
  return realCommandRunner(killAfter === undefined ? {} : { killAfter }).run({
    argv: ['sh', '-c', script],
    cwd: dir,
    env: { PATH },
    ...rest,
  });
};

test('the fake records its requests', async () => {
  const runner = fakeCommandRunner();
  const request = { argv: ['go', 'version'], cwd: '/x', env: { A: '1' } };
  await runner.run(request);
  expect(runner.requests).toEqual([request]);
});

test('the signal that ended a program is named', async () => {
  expect(await shell('kill -9 $$')).toMatchObject({ exit: undefined, signal: 'SIGKILL' });
});

test('output arrives completely and in order', async () => {
  const { output, stdout, stderr } = await shell(
    'for i in 1 2 3; do echo out$i; sleep 0.05; echo err$i >&2; sleep 0.05; done; seq 200000; printf end',
  );
  expect(output.startsWith('out1\nerr1\nout2\nerr2\nout3\nerr3\n1\n2\n')).toBe(true);
  expect(output.endsWith('\n200000\nend')).toBe(true);
  expect(output.length).toBe(stdout.length + stderr.length);
});

test('the environment is not inherited, and PWD is the directory', async () => {
  process.env['SLIPWAY_TEST_LEAK'] = 'leak';
  const { stdout } = await shell('env').finally(() => delete process.env['SLIPWAY_TEST_LEAK']);
  const names = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('=')[0]);
  expect(names.filter((name) => name !== '_' && name !== 'SHLVL' && name !== 'OLDPWD').sort()).toEqual(['PATH', 'PWD']);
  expect(stdout).toContain(`PWD=${dir}\n`);
});

test('the program is looked up on the given PATH', async () => {
  await writeFile(join(dir, 'only-here'), '#!/bin/sh\necho found\n', { mode: 0o755 });
  const found = await realCommandRunner().run({ argv: ['only-here'], cwd: '/', env: { PATH: dir } });
  expect(found.stdout).toBe('found\n');
});

test('standard input is empty, or the given text', async () => {
  expect((await shell('cat')).stdout).toBe('');
  expect((await shell('cat', { input: 'text' })).stdout).toBe('text');
});

test('a missing directory is not reported as a missing program', async () => {
  const run = realCommandRunner().run({ argv: ['sh', '-c', 'true'], cwd: join(dir, 'gone'), env: { PATH } });
  await expect(run).rejects.toMatchObject({ failures: [{ code: 'FILE_MISSING', path: join(dir, 'gone') }] });
});

test('a file that is not a program is reported as existing', async () => {
  const file = join(dir, 'plain');
  await writeFile(file, 'text');
  await chmod(file, 0o644);
  const run = realCommandRunner().run({ argv: [file], cwd: dir, env: { PATH } });
  await expect(run).rejects.toMatchObject({
    failures: [{ code: 'TOOL_MISSING', tool: file, why: expect.stringContaining('EACCES') }],
  });
});

test('a program that ignores SIGINT is killed with its children', async () => {
  const stop = new AbortController();
  const run = shell('trap "" INT; (trap "" INT; exec sleep 60) & echo $! > both; echo $$ >> both; wait', {
    signal: stop.signal,
    killAfter: 200,
  });
  const pids = await pidsIn('both', 2);
  stop.abort('SIGTERM');
  await expect(run).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGTERM' }] });
  await expectGone(pids);
});

test('a grandchild that outlives a polite program is killed at once', async () => {
  const stop = new AbortController();
  const run = shell('(trap "" INT; exec sleep 60) >/dev/null 2>&1 & echo $! > grandchild; trap "exit 0" INT; wait', {
    signal: stop.signal,
    killAfter: 60_000,
  });
  const pids = await pidsIn('grandchild', 1);
  stop.abort('SIGINT');
  await expect(run).rejects.toThrow(FailureError);
  await expectGone(pids);
});

async function pidsIn(name: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = (await readFile(join(dir, name), 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
    if (pids.length === count) return pids;
    await sleep(20);
  }
}

/** A killed process may stay a zombie if no process collects orphans. */
async function expectGone(pids: readonly number[]): Promise<void> {
  const alive = async (pid: number): Promise<boolean> => {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return status === undefined ? false : !status.includes(') Z ');
  };
  for (const pid of pids) await expect.poll(() => alive(pid)).toBe(false);
}
