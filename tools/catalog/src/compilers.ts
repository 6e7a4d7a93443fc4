import type { Environment, Platform } from '@slipway/model';

/** A cross compiler of a distribution, for a tree that does not name its own. */
interface CrossCompiler {
  readonly command: string;
  /** The Debian and Ubuntu package that has it. */
  readonly debian: string;
}

/** The four architectures Kubernetes crosses to with cgo, and amd64 from another host (contract of hack/lib/golang.sh). */
export const crossCompilers: Readonly<Record<string, CrossCompiler>> = {
  'linux/amd64': { command: 'x86_64-linux-gnu-gcc', debian: 'gcc-x86-64-linux-gnu' },
  'linux/arm': { command: 'arm-linux-gnueabihf-gcc', debian: 'gcc-arm-linux-gnueabihf' },
  'linux/arm64': { command: 'aarch64-linux-gnu-gcc', debian: 'gcc-aarch64-linux-gnu' },
  'linux/ppc64le': { command: 'powerpc64le-linux-gnu-gcc', debian: 'gcc-powerpc64le-linux-gnu' },
  'linux/s390x': { command: 's390x-linux-gnu-gcc', debian: 'gcc-s390x-linux-gnu' },
};

/** CC and CGO_ENABLED for a platform that is not the host's, unless a KUBE_<OS>_<ARCH>_CC says otherwise. */
export function compilerEnvironment(platform: Platform, host: Platform, variables: Environment): Environment {
  const named = variables[`KUBE_${platform.replace('/', '_').toUpperCase()}_CC`];
  const command = named || (platform === host ? undefined : crossCompilers[platform]?.command);
  return command === undefined ? {} : { CGO_ENABLED: '1', CC: command };
}

/** The command that installs a compiler on Debian and Ubuntu, or a general word. */
export function installHint(command: string): string {
  const row = Object.values(crossCompilers).find((compiler) => compiler.command === command);
  return row === undefined
    ? `install ${command}, or name another compiler: KUBE_<OS>_<ARCH>_CC=…`
    : `apt-get install ${row.debian}`;
}
