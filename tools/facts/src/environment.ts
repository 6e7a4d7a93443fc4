import { delimiter, join } from 'node:path';
import type { Environment } from '@slipway/model';
import { isProgram } from './disk.ts';

interface InheritedRow {
  /** Names; a star stands for any end. */
  readonly names: readonly string[];
  readonly why: string;
}

/** Variables a step inherits, each with the reason; every other one is kept from it. */
export const inherited: readonly InheritedRow[] = [
  { names: ['PATH', 'PATHEXT'], why: 'where programs are' },
  { names: ['HOME', 'USER', 'LOGNAME'], why: 'where Go, git and the C compiler keep caches and settings' },
  { names: ['TMPDIR', 'TMP', 'TEMP'], why: 'where temporary files go' },
  {
    names: ['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
    why: 'the same, where a user moved them',
  },
  { names: ['GOCACHE', 'GOMODCACHE', 'GOPATH', 'GOENV', 'GOTELEMETRY*'], why: "where Go's caches and settings are" },
  { names: ['GOCACHEPROG', 'GOMAXPROCS', 'GOMEMLIMIT', 'GOGC', 'GODEBUG'], why: 'how Go itself runs' },
  {
    names: ['', '_MODE', '_SCOPE', '_TRUST', '_PATIENCE', '_CA'].map((name) => `SLIPWAY_REMOTE_CACHE${name}`),
    why: 'what a GOCACHEPROG of ours shares; not who we are there',
  },
  { names: ['GOFLAGS', 'GOEXPERIMENT', 'GOFIPS140', 'GO_EXTLINK_ENABLED'], why: 'what Go builds' },
  {
    names: ['GOAMD64', 'GOARM', 'GOARM64', 'GO386', 'GOMIPS', 'GOMIPS64', 'GOPPC64', 'GORISCV64', 'GOWASM'],
    why: 'which processors Go builds for',
  },
  {
    names: ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOPROXY', 'GOPRIVATE', 'GOINSECURE', 'GOVCS', 'GOAUTH'],
    why: 'where modules come from',
  },
  { names: ['GOTOOLCHAIN'], why: 'which Go is used' },
  {
    names: [
      'CGO_*',
      'CC',
      'CXX',
      'FC',
      'AR',
      'LD',
      'GCCGO',
      'PKG_CONFIG*',
      'CPATH',
      'C_INCLUDE_PATH',
      'CPLUS_INCLUDE_PATH',
      'LIBRARY_PATH',
      'NIX_*',
      'CCACHE_*',
      'SDKROOT',
      'MACOSX_DEPLOYMENT_TARGET',
      'DEVELOPER_DIR',
    ],
    why: 'the C compiler of cgo',
  },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
    why: 'the way to the network',
  },
  {
    names: ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'NETRC', 'SSH_AUTH_SOCK', 'SSH_AGENT_PID'],
    why: 'whom to trust there, and who we are',
  },
  { names: ['GIT_*'], why: 'how git finds and reads repositories' },
  {
    names: [
      'SystemRoot',
      'SYSTEMROOT',
      'SystemDrive',
      'ComSpec',
      'COMSPEC',
      'USERPROFILE',
      'LOCALAPPDATA',
      'APPDATA',
      'ProgramData',
      'ProgramFiles',
      'windir',
    ],
    why: 'without them Windows starts no program',
  },
];

const patterns = inherited.flatMap(({ names }) =>
  names.map((name) => (name.endsWith('*') ? { prefix: name.slice(0, -1) } : { name })),
);

/** What steps inherit of the environment: the variables of the table that are set, sorted. */
export function inheritedEnvironment(environment: Readonly<Record<string, string | undefined>>): Environment {
  const isInherited = (name: string): boolean =>
    patterns.some((pattern) => ('prefix' in pattern ? name.startsWith(pattern.prefix) : name === pattern.name));
  const names = Object.keys(environment).filter((name) => environment[name] !== undefined && isInherited(name));
  return Object.fromEntries(names.sort().map((name) => [name, environment[name]!]));
}

/** The absolute path of a program on PATH; undefined when it is not there. A name with a slash is a path already. */
export function findProgram(name: string, environment: Environment): string | undefined {
  const endings = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const directories = name.includes('/')
    ? ['']
    : (environment['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  const candidates = directories.flatMap((dir) =>
    endings.map((ending) => (dir === '' ? name : join(dir, name)) + ending),
  );
  return candidates.find((candidate) => isProgram(candidate));
}
