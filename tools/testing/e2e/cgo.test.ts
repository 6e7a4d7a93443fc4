import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBinary, realCommandRunner, realPinnedTools } from '@slipway/adapters';
import { crossCompilers, zig } from '@slipway/catalog';
import { findProgram } from '@slipway/facts';
import type { Environment, Platform } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';
import { repo } from '../src/repo-rig.ts';

const environment = process.env as Environment;
const has = (program: string): boolean => findProgram(program, environment) !== undefined;

interface Target {
  readonly platform: Platform;
  /** Runs a binary of the platform here; `root` has the distribution's libraries for it. */
  readonly emulator?: { readonly program: string; readonly root: string };
}

const emulated = (arch: string, program: string, triple: string): Target => ({
  platform: `linux/${arch}` as Platform,
  emulator: { program: `qemu-${program}-static`, root: `/usr/${triple}` },
});

const targets: readonly Target[] = [
  { platform: 'linux/amd64' as Platform },
  emulated('arm64', 'aarch64', 'aarch64-linux-gnu'),
  emulated('arm', 'arm', 'arm-linux-gnueabihf'),
  emulated('ppc64le', 'ppc64le', 'powerpc64le-linux-gnu'),
  emulated('s390x', 's390x', 's390x-linux-gnu'),
];

const whyNot = ({ platform, emulator }: Target): string | undefined =>
  emulator === undefined ? whyWithout('gcc') : whyWithout(crossCompilers[platform]!.command, emulator.program);

/** The fixture has its own home, so that PATH finds the zig of the user who runs the tests. CI installs it first. */
const pinnedTools = realPinnedTools(realCommandRunner());
const zigPinnedTool = { pinnedTool: zig, env: environment };
const zigPath =
  pinnedTools.find(zigPinnedTool) ??
  (process.env['CI'] ? await pinnedTools.install(zigPinnedTool).catch(() => undefined) : undefined);
const withZig = { PATH: `${environment['PATH']}:${zigPath?.replace(/\/[^/]+$/, '')}` };

describe('a command with cgo, libc, libm, os/user and net', () => {
  for (const target of targets) {
    const { platform, emulator } = target;
    test(`is built for ${platform} and runs`, unless(whyNot(target)), async () => {
      await using tree = repo('cgo');
      expectDone(await tree.slipway(['all', `KUBE_BUILD_PLATFORMS=${platform}`]));
      const path = tree.path(tree.published('everywhere', platform));
      expect(await readBinary(path)).toMatchObject({ platform, problem: undefined });
      const [program, ...args] = emulator === undefined ? [path] : [emulator.program, '-L', emulator.root, path];
      const printed = execFileSync(program!, args, { encoding: 'utf8' });
      expect(printed).toMatch(
        new RegExp(`^${platform} libc 4 1\\.41421356\\d+\nuser \\w+\nlocalhost \\[.*127\\.0\\.0\\.1.*\\]\n$`),
      );
    });
  }

  // Its C library, two hundred files, is compiled first.
  const noZig = zigPath === undefined && !has('zig') ? 'there is no zig: slipway doctor --fix' : undefined;
  test('is built for windows/amd64', unless(noZig), async () => {
    await using tree = repo('cgo');
    const platform = 'windows/amd64' as Platform;
    expectDone(await tree.slipway(['all', `KUBE_BUILD_PLATFORMS=${platform}`], { env: withZig }));
    const path = tree.path(tree.published('everywhere', platform));
    expect(await readBinary(path)).toMatchObject({ platform, format: 'pe', problem: undefined });
  });

  test('is not begun for darwin: the error first names what is missing', async () => {
    await using tree = repo('cgo');
    const asked = 'KUBE_BUILD_PLATFORMS=linux/amd64 darwin/arm64';
    expectFailure(await tree.slipway(['all', asked]), 'TOOL_MISSING', {
      says: 'the macOS SDK is not installed: everywhere for darwin/arm64 need it (cgo), and only Apple may distribute its SDK',
      hint: 'KUBE_DARWIN_ARM64_CC=',
    });
    expect(tree.git('status', '--porcelain', '--ignored')).toBe('');
    const plain = await tree.slipway(['-n', 'all', asked, 'KUBE_STATIC_OVERRIDES=everywhere']);
    expect(plain.exit).toBe(0);
  });

  test('the compiler of a platform is named, with a way to install it', async () => {
    await using tree = repo('cgo');
    mkdirSync(tree.path('../bin'));
    symlinkSync(findProgram('go', environment)!, tree.path('../bin/go'));
    const { stdout: checks, exit } = await tree.slipway(['doctor', '--json'], { env: { PATH: tree.path('../bin') } });
    expect(exit).toBe(3);
    for (const { command, installation } of Object.values(crossCompilers).slice(1)) {
      const hint = 'debian' in installation ? `apt-get install ${installation.debian}` : 'slipway doctor --fix';
      expect(JSON.parse(checks)).toContainEqual(
        expect.objectContaining({ what: command.split(' ')[0], ok: false, hint }),
      );
    }
  });
});
