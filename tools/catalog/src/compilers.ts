import { type Environment, type PinnedTool, type Platform, osOf } from '@slipway/model';

/** How a program is got where it is missing: by Debian's packages, with a space between their names, or by a wheel. */
export type Installation = { readonly debian: string } | { readonly pinnedTool: PinnedTool };

/** A C compiler for another platform than the host's, for a tree that does not name its own. */
interface CrossCompiler {
  /** What Go is given as CC: a program, and its arguments. */
  readonly command: string;
  readonly installation: Installation;
}

/**
 * zig brings the headers and libraries of Windows with it, and comes as one package of 100 MB. To change it: the hashes are
 * what `pip download --no-deps ziglang==VERSION` and `sha256sum` say, for Linux and macOS on amd64 and arm64.
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
 * The four architectures Kubernetes crosses to with cgo, and amd64 from another host (contract of hack/lib/golang.sh); Windows,
 * which no script of Kubernetes builds with cgo.
 */
export const crossCompilers: Readonly<Record<string, CrossCompiler>> = {
  'linux/amd64': debian('x86_64-linux-gnu-gcc', 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross'),
  'linux/arm64': debian('aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross'),
  'linux/arm': debian('arm-linux-gnueabihf-gcc', 'gcc-arm-linux-gnueabihf libc6-dev-armhf-cross'),
  'linux/ppc64le': debian('powerpc64le-linux-gnu-gcc', 'gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross'),
  'linux/s390x': debian('s390x-linux-gnu-gcc', 'gcc-s390x-linux-gnu libc6-dev-s390x-cross'),
  'windows/amd64': { command: 'zig cc -target x86_64-windows-gnu', installation: { pinnedTool: zig } },
};

/** A compiler and the C library it compiles for: Debian only recommends the second, and who installs no recommendation lacks it. */
function debian(command: string, packages: string): CrossCompiler {
  return { command, installation: { debian: packages } };
}

/** CGO_ENABLED, and CC where a compiler is known, for a platform that is built with cgo; nothing for the host's own. */
export function compilerEnvironment(platform: Platform, host: Platform, variables: Environment): Environment {
  const named = variables[compilerVariable(platform)];
  if (named) return { CGO_ENABLED: '1', CC: named };
  if (platform === host) return {};
  // Apple's compiler makes both of its architectures.
  if (osOf(platform) === 'darwin' && osOf(host) === 'darwin') return { CGO_ENABLED: '1', CC: 'clang' };
  const command = crossCompilers[platform]?.command;
  return command === undefined ? { CGO_ENABLED: '1' } : { CGO_ENABLED: '1', CC: command };
}

/** `KUBE_LINUX_ARM64_CC` */
export const compilerVariable = (platform: Platform): string => `KUBE_${platform.replace('/', '_').toUpperCase()}_CC`;

/** How the compiler of this command is got; undefined for one that is not ours to know. */
export const installationOf = (command: string): Installation | undefined =>
  Object.values(crossCompilers).find((compiler) => compiler.command === command)?.installation;

/** The command that installs a compiler, or a general word. */
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
