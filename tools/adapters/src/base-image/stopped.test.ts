import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isRunning, startedBy, until, whyNoProcesses } from '@slipway/testing';

const base = mkdtempSync(join(tmpdir(), 'slipway-stopped-'));
afterAll(() => rmSync(base, { recursive: true }));

/** Makes an image of one package, with a dpkg-deb that hangs and has a child process. */
async function making(): Promise<ChildProcess> {
  const dir = mkdtempSync(join(base, 'd-'));
  const programs = join(dir, 'programs');
  mkdirSync(programs);
  const hang = `#!/bin/sh\ntrap '' INT TERM\n: > '${dir}/reached'\nsleep 600\n`;
  writeFileSync(join(programs, 'dpkg-deb'), hang, { mode: 0o755 });
  const script = `
    const { realMakeBaseImage } = await import(${JSON.stringify(join(import.meta.dirname, 'real.ts'))});
    const stop = new AbortController();
    process.on('SIGINT', () => stop.abort('SIGINT'));
    const said = { exit: 0, stdout: 'Inst make (4.3 Debian:12/stable [amd64])', stderr: '' };
    const request = { reference: 'x', packages: ['make'], goroot: '/', goVersion: '1', env: { PATH: process.env.PATH }, cache: undefined, signal: stop.signal };
    await realMakeBaseImage({ run: async () => said })(request, async () => {}).catch(({ failures }) => {
      process.exitCode = failures?.[0].code === 'INTERRUPTED' ? 130 : 1;
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, PATH: `${programs}:${process.env['PATH']}` },
    stdio: 'ignore',
    detached: true,
  });
  await until('a package is unpacked', () => existsSync(join(dir, 'reached')) && commandsOf(child).includes('tar'));
  return child;
}

const commandsOf = ({ pid }: ChildProcess): string[] => startedBy(pid!).map(({ command }) => command);

/** Files of that process in memory or on disk. */
const leftBy = (pid: number): string[] =>
  ['/dev/shm', tmpdir()]
    .filter(existsSync)
    .flatMap((dir) => readdirSync(dir).filter((name) => name.includes(`-${pid}-`)));

test('a stop during unpacking leaves nothing', async ({ skip }) => {
  skip(whyNoProcesses !== undefined, whyNoProcesses);
  const child = await making();
  const started = startedBy(child.pid!);
  expect(commandsOf(child)).toEqual(expect.arrayContaining(['dpkg-deb', 'tar']));
  const ended = new Promise((done) => child.once('exit', done));
  process.kill(-child.pid!, 'SIGINT');
  expect(await ended).toBe(130);
  await until('all of it ends', () => started.every(({ pid }) => !isRunning(pid)));
  expect(leftBy(child.pid!)).toEqual([]);
});

test('a kill during unpacking leaves no process, and the next run removes the files', async ({ skip }) => {
  skip(whyNoProcesses !== undefined, whyNoProcesses);
  const child = await making();
  const started = startedBy(child.pid!);
  child.kill('SIGKILL');
  await until('all of it ends', () => started.every(({ pid }) => !isRunning(pid)));
  expect(leftBy(child.pid!)).toHaveLength(1);
  const next = await making();
  expect(leftBy(child.pid!)).toEqual([]);
  next.kill('SIGINT');
  await new Promise((done) => next.once('exit', done));
});
