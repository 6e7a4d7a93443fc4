import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { crossCompilers } from '@slipway/catalog';

/** Programs of the machine that some tests need beside node, git and Go, each with its Debian packages. */
export const machinePrograms: Readonly<Record<string, string>> = {
  bwrap: 'bubblewrap',
  ccache: 'ccache',
  chromium: 'chromium',
  clang: 'clang libc6-dev',
  gcc: 'gcc libc6-dev',
  'g++': 'g++',
  gfortran: 'gfortran',
  make: 'make',
  openssl: 'openssl',
  pip3: 'python3-pip',
  'pkg-config': 'pkg-config',
  podman: 'podman',
  python3: 'python3',
  'qemu-aarch64-static': 'qemu-user-static',
  'qemu-arm-static': 'qemu-user-static',
  'qemu-ppc64le-static': 'qemu-user-static',
  'qemu-s390x-static': 'qemu-user-static',
  rsync: 'rsync',
  shellcheck: 'shellcheck',
  skopeo: 'skopeo',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  strace: 'strace',
  swig: 'swig',
  // The C compilers slipway knows for other platforms than this one.
  ...Object.fromEntries(
    Object.values(crossCompilers).flatMap(({ command, installation }) =>
      'debian' in installation && !command.startsWith('x86_64') ? [[command, installation.debian]] : [],
    ),
  ),
};

/** The command that installs them on Debian. Tests install nothing there: a machine is its owner's. */
const REMEDY = 'node hack/prepare-machine.ts';

const compilers = new Set(['gcc', 'clang', ...Object.values(crossCompilers).map(({ command }) => command)]);

/** Which of them are not here, and which compilers find no C library. Root's programs count for everybody: sshd is one. */
export function missingPrograms(names: readonly string[] = Object.keys(machinePrograms)): string[] {
  const path = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/sbin'];
  const isHere = (name: string): boolean => path.some((directory) => isProgram(join(directory, name)));
  return names.filter((name) => !isHere(name) || (compilers.has(name) && !findsLibrary(name)));
}

/**
 * The reason why a test that needs these programs cannot run, if there is one. Each has its row above, so that it is
 * installed where tests may.
 */
export function whyWithout(...names: readonly string[]): string | undefined {
  const stranger = names.find((name) => !(name in machinePrograms));
  if (stranger !== undefined) throw new Error(`${stranger} has no row in tools/testing/src/machine-programs.ts`);
  const missing = missingPrograms(names);
  return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}: ${REMEDY}`;
}

/** Options of a test or suite that is left out for a reason, if there is one: `describe(name, unless(why), …)`. */
export const unless = (why: string | undefined): { skip: boolean; meta: { why?: string } } => ({
  skip: why !== undefined,
  meta: why === undefined ? {} : { why },
});

function findsLibrary(compiler: string): boolean {
  return spawnSync(compiler, ['-E', '-x', 'c', '-include', 'stdlib.h', '/dev/null'], { stdio: 'ignore' }).status === 0;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
