import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';

/** Go's default (`go help environment`, GOPROXY). */
const DEFAULT_GOPROXY = 'https://proxy.golang.org,direct';

/**
 * The answer of `go env NAME` without running Go: the environment, else the file that `go env -w` writes. Empty counts
 * as unset.
 */
function goSetting(env: Environment, name: string): string | undefined {
  return env[name] || readGoEnvFile(env)[name] || undefined;
}

export const goProxy = (env: Environment): string => goSetting(env, 'GOPROXY') ?? DEFAULT_GOPROXY;

/** GOMODCACHE, else pkg/mod of GOPATH's first entry; undefined without a home. */
export function moduleCache(env: Environment): string | undefined {
  const set = goSetting(env, 'GOMODCACHE');
  if (set !== undefined) return set;
  const home = homeOf(env);
  const gopath = goSetting(env, 'GOPATH')?.split(delimiter)[0] ?? (home === undefined ? undefined : join(home, 'go'));
  return gopath === undefined ? undefined : join(gopath, 'pkg', 'mod');
}

/** `linux-amd64`, in the spelling of Go's toolchain names. */
export const hostPair = (): string =>
  `${goNames[process.platform] ?? process.platform}-${goNames[process.arch] ?? process.arch}`;

const goNames: Readonly<Record<string, string>> = {
  win32: 'windows',
  sunos: 'solaris',
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
};

/** The file of `go env -w`; undefined without one. */
export function goEnvFile(env: Environment): string | undefined {
  const file = env['GOENV'] || defaultGoEnvFile(env);
  return file === 'off' ? undefined : file;
}

function readGoEnvFile(env: Environment): Environment {
  const file = goEnvFile(env);
  if (file === undefined) return {};
  try {
    return parseGoEnv(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** The settings in a file of `go env -w`, or in GOROOT's go.env. */
export const parseGoEnv = (text: string): Environment =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[A-Z][^=]*=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** The same as Go's os.UserConfigDir. */
function defaultGoEnvFile(env: Environment): string | undefined {
  if (process.platform === 'win32') return env['AppData'] === undefined ? undefined : join(env['AppData'], 'go', 'env');
  const home = homeOf(env);
  if (process.platform === 'darwin')
    return home === undefined ? undefined : join(home, 'Library/Application Support/go/env');
  if (env['XDG_CONFIG_HOME']) return join(env['XDG_CONFIG_HOME'], 'go/env');
  return home === undefined ? undefined : join(home, '.config/go/env');
}

const homeOf = (env: Environment): string | undefined =>
  env['HOME'] || (process.platform === 'win32' ? homedir() : undefined);
