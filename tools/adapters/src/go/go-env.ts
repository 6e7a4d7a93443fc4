import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';

/** Go's default where nobody set another (`go help environment`, GOPROXY). */
const DEFAULT_GOPROXY = 'https://proxy.golang.org,direct';

/** What `go env NAME` would say without a Go: the environment, else the file `go env -w` writes; empty counts as unset. */
function goSetting(env: Environment, name: string): string | undefined {
  return env[name] || readGoEnvFile(env).get(name) || undefined;
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

/** `linux-amd64` as the names of Go's toolchains spell it. */
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

/** The file `go env -w` writes; undefined without one. */
export function goEnvFile(env: Environment): string | undefined {
  const file = env['GOENV'] || defaultGoEnvFile(env);
  return file === 'off' ? undefined : file;
}

function readGoEnvFile(env: Environment): ReadonlyMap<string, string> {
  const file = goEnvFile(env);
  return file === undefined ? new Map() : readSettings(file);
}

/** An environment with the settings Go finds elsewhere: in the user's file, and in the one of the toolchain itself (since 1.21). */
export const goEnvironment = (env: Environment, goroot: string): Environment => ({
  ...Object.fromEntries(readSettings(join(goroot, 'go.env'))),
  ...Object.fromEntries(readGoEnvFile(env)),
  // Go takes an empty variable for one that is not set.
  ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')),
});

function readSettings(file: string): ReadonlyMap<string, string> {
  try {
    const lines = readFileSync(file, 'utf8').split(/\r?\n/);
    return new Map(
      lines.flatMap((line) =>
        /^[A-Z]\w*=/.test(line) ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const] : [],
      ),
    );
  } catch {
    return new Map();
  }
}

/** As Go's os.UserConfigDir. */
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
