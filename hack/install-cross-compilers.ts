// Installs what the tests of cgo on other platforms need, on Debian as root; else says what is left out and why:
//   node hack/install-cross-compilers.ts
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { crossCompilers } from '@slipway/catalog';
import { scriptArguments } from './lib/arguments.ts';

scriptArguments('node hack/install-cross-compilers.ts', {}, 0);

// pip is for zig, which the tests fetch themselves.
const packages = ['qemu-user-static', 'python3-pip', ...['arm64', 'arm', 'ppc64le', 's390x'].flatMap(compilerPackage)];
const missing = packages.filter((name) => !isInstalled(name));
const reason = missing.length === 0 ? undefined : (whyNot() ?? install(missing));
if (reason !== undefined)
  console.log(`tests of cgo on other platforms are left out: ${missing.join(', ')} not installed, ${reason}`);

/** Why it did not go well, if so. */
function install(names: readonly string[]): string | undefined {
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  try {
    execFileSync('apt-get', ['update', '--quiet'], options);
    execFileSync('apt-get', ['install', '--yes', '--quiet', ...names], options);
    return undefined;
  } catch (error) {
    return `as ${(error as Error).message}`;
  }
}

function compilerPackage(arch: string): string[] {
  const installation = crossCompilers[`linux/${arch}`]?.installation;
  return installation !== undefined && 'debian' in installation ? [installation.debian] : [];
}

function isInstalled(name: string): boolean {
  try {
    return (
      execFileSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], {
        encoding: 'utf8',
        stdio: 'pipe',
      }) === 'installed'
    );
  } catch {
    return false;
  }
}

function whyNot(): string | undefined {
  try {
    execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'and there is no apt-get';
  }
  return userInfo().uid === 0 ? undefined : 'and that takes root';
}
