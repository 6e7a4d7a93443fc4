import { type Environment, type PinnedTool, type Platform, osOf } from '@slipway/model';

/** How to install a missing program: Debian packages, separated by spaces, or a wheel. */
export type Installation = { readonly debian: string } | { readonly pinnedTool: PinnedTool };

/** A C compiler for a foreign platform, for a tree that does not name its own. */
interface CrossCompiler {
  /** The value of CC: a program and its arguments. */
  readonly command: string;
  readonly installation: Installation;
}

/**
 * zig contains the headers and libraries of Windows in one package of 100 MB. To change the version, take the hashes
 * from `pip download --no-deps ziglang==VERSION` and `sha256sum`, for Linux and macOS on amd64 and arm64.
 */
export const zig: PinnedTool = {
  name: 'ziglang',
  version: '0.17.0',
  sha256: [
    '97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b',
    'd2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3',
    '4d910f0e363ddb60a6b8ddb55235617797a8ccbcb6c5c7132a949d9f833eea42',
    '87274af689c4128051b26c80f6f676757e0a81c2fdc137fd8b5679e928e4bc4f',
  ],
  program: 'ziglang/zig',
};

/**
 * The four architectures that Kubernetes cross-compiles with cgo (contract of hack/lib/golang.sh), amd64 from another
 * host, and Windows, which no script of Kubernetes builds with cgo.
 */
export const crossCompilers: Readonly<Record<string, CrossCompiler>> = {
  'linux/amd64': debian('x86_64-linux-gnu-gcc', 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross'),
  'linux/arm64': debian('aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross'),
  'linux/arm': debian('arm-linux-gnueabihf-gcc', 'gcc-arm-linux-gnueabihf libc6-dev-armhf-cross'),
  'linux/ppc64le': debian('powerpc64le-linux-gnu-gcc', 'gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross'),
  'linux/s390x': debian('s390x-linux-gnu-gcc', 'gcc-s390x-linux-gnu libc6-dev-s390x-cross'),
  'windows/amd64': { command: 'zig cc -target x86_64-windows-gnu', installation: { pinnedTool: zig } },
};

/**
 * A compiler and the C library of its target. Debian only recommends the library, so an installation without
 * recommended packages lacks it.
 */
function debian(command: string, packages: string): CrossCompiler {
  return { command, installation: { debian: packages } };
}

/** CGO_ENABLED for a platform with cgo, and CC if a compiler is known; empty for the host's own platform. */
export function compilerEnvironment(platform: Platform, host: Platform, variables: Environment): Environment {
  const named = variables[compilerVariable(platform)];
  if (named) return { CGO_ENABLED: '1', CC: named };
  if (platform === host) return {};
  // Apple's compiler supports both of its architectures.
  if (osOf(platform) === 'darwin' && osOf(host) === 'darwin') return { CGO_ENABLED: '1', CC: 'clang' };
  const command = crossCompilers[platform]?.command;
  return command === undefined ? { CGO_ENABLED: '1' } : { CGO_ENABLED: '1', CC: command };
}

/** `KUBE_LINUX_ARM64_CC` */
export const compilerVariable = (platform: Platform): string => `KUBE_${platform.replace('/', '_').toUpperCase()}_CC`;

/** How to install the compiler of this command; undefined if it is not in the table. */
export const installationOf = (command: string): Installation | undefined =>
  Object.values(crossCompilers).find((compiler) => compiler.command === command)?.installation;

/** The command that installs a compiler, or a general sentence. */
export function installHint(command: string): string {
  const installation = installationOf(command);
  if (installation === undefined) return `install ${command}, or name another compiler: KUBE_<OS>_<ARCH>_CC=…`;
  return 'debian' in installation ? `apt-get install ${installation.debian}` : 'slipway doctor --fix';
}

/** The message for a platform without a known compiler. */
export function withoutCompiler(platform: Platform): {
  readonly tool: string;
  readonly why: string;
  readonly hint: string;
} {
  const another = `name a compiler that has what it needs: ${compilerVariable(platform)}=…`;
  if (osOf(platform) === 'darwin')
    return {
      tool: 'the macOS SDK',
      why: 'only Apple may distribute its SDK',
      hint: `build this on a Mac, link it without cgo (KUBE_STATIC_OVERRIDES=NAME), or ${another}`,
    };
  return { tool: `a C compiler for ${platform}`, why: 'no package for it is known', hint: another };
}
