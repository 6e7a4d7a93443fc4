import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeProgram, fakeCommandRunner, fakePinnedTools } from '@slipway/adapters';
import { type Installation, zig } from '@slipway/catalog';
import type { CommandLine } from '../parse-arguments.ts';
import type { Asking, Services } from '../services.ts';
import { installMissing } from './doctor-fix.ts';

let bin: string;
beforeAll(() => {
  bin = mkdtempSync(join(tmpdir(), 'slipway-doctor-'));
  writeFileSync(join(bin, 'apt-get'), '#!/bin/sh\n');
  chmodSync(join(bin, 'apt-get'), 0o755);
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const wanted: readonly Installation[] = [{ debian: 'gcc libc6-dev' }, { debian: 'gcc' }, { pinnedTool: zig }];

function rig({ dryRun = false, PATH = bin, program }: { dryRun?: boolean; PATH?: string; program?: FakeProgram }) {
  const said: string[] = [];
  const runner = fakeCommandRunner(program);
  const pinnedTools = fakePinnedTools();
  const services: Partial<Services> = {
    environment: { PATH },
    runner,
    pinnedTools,
    signal: new AbortController().signal,
    progress: (message) => void said.push(message),
  };
  const line: Partial<CommandLine> = { dryRun };
  const asking = { line, services } as Asking;
  const argv = () => runner.requests.map((request) => request.argv.join(' '));
  return { said, argv, pinnedTools, install: (list = wanted) => installMissing(list, asking) };
}

test('slipway prints each command and then runs it, with every package once', async () => {
  const { said, argv, pinnedTools, install } = rig({});
  expect(await install()).toBe(true);
  const commands = ['apt-get update', 'apt-get install --yes gcc libc6-dev'];
  expect(argv()).toEqual(isRoot ? commands : []);
  expect(said).toEqual([
    ...commands.map((command) => (isRoot ? command : `not root; run it as root: ${command}`)),
    `python3 -m pip install ziglang==${zig.version} (sha256 pinned)`,
  ]);
  expect(pinnedTools.installed).toEqual(['ziglang']);
});

test('with -n slipway only prints the commands', async () => {
  const { said, argv, pinnedTools, install } = rig({ dryRun: true });
  expect(await install()).toBe(false);
  expect([said.length, argv(), pinnedTools.installed]).toEqual([3, [], []]);
});

test('without apt-get, doctor leaves the installation of packages to the user', async () => {
  const { said, argv, install } = rig({ PATH: '/nowhere' });
  expect(await install([{ debian: 'gcc' }])).toBe(false);
  expect(argv()).toEqual([]);
  expect(said[1]).toBe(
    'there is no apt-get; install the contents of these packages in another way: apt-get install --yes gcc',
  );
});

const asRoot = { skip: !isRoot, meta: { why: 'only root installs without being asked for a password' } };

test('a failed installation gives its reason', asRoot, async () => {
  const { install } = rig({ program: () => ({ exit: 100, output: 'one\nE: no such package\n' }) });
  await expect(install([{ debian: 'x' }])).rejects.toThrow(/COMMAND_FAILED: apt-get update .*E: no such package/);
});
