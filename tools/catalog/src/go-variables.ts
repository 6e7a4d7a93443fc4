import { type Environment, repositoryVariables } from '@slipway/model';

/**
 * The treatment of an environment variable:
 *   bytes  steps inherit it, and it is part of keys
 *   run    steps inherit it; it affects no bytes
 *   ours   each step sets its own value, which is part of keys
 *   none   steps do not see it, and it is not part of keys
 */
type Use = 'bytes' | 'run' | 'ours' | 'none';

interface VariableRow {
  /** Names; a star at the end matches any rest. */
  readonly names: readonly string[];
  readonly use: Use;
  readonly why: string;
  /** Has the same meaning in a build container. */
  readonly inside?: true;
}

/**
 * All variables that Go (`go help environment`) and its child processes read. Steps see no variable without a row here.
 */
export const goVariables: readonly VariableRow[] = [
  { names: ['PATH', 'PATHEXT'], use: 'run', why: 'where programs are' },
  { names: ['HOME', 'USER', 'LOGNAME'], use: 'run', why: 'where Go, git and the C compiler keep caches and settings' },
  { names: ['TMPDIR', 'TMP', 'TEMP'], use: 'run', why: 'where temporary files go' },
  {
    names: ['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'],
    use: 'run',
    why: 'the same, in the places a user chose',
  },
  { names: ['GOCACHE', 'GOMODCACHE', 'GOPATH', 'GOTELEMETRY*'], use: 'run', why: "where Go's caches and settings are" },
  { names: ['GOENV'], use: 'run', why: 'off: steps inherit the settings of the file as variables' },
  { names: ['GOCACHEPROG'], use: 'run', why: 'where compiled packages are kept' },
  { names: ['GOMAXPROCS', 'GOMEMLIMIT', 'GOGC', 'GODEBUG'], use: 'run', why: 'how Go itself runs', inside: true },
  {
    names: ['', '_MODE', '_SCOPE', '_TRUST', '_PATIENCE', '_CA'].map((name) => `SLIPWAY_REMOTE_CACHE${name}`),
    use: 'run',
    why: 'the cache that slipway gocacheprog shares; credentials are left out',
  },
  {
    names: ['GOFLAGS', 'GOEXPERIMENT', 'GOFIPS140', 'GO_EXTLINK_ENABLED'],
    use: 'bytes',
    why: 'what Go builds',
    inside: true,
  },
  { names: ['GOWORK'], use: 'bytes', why: 'which modules are linked', inside: true },
  { names: ['GO111MODULE'], use: 'bytes', why: 'the same; slipway refuses a value that the tree is not built with' },
  {
    names: ['GOAMD64', 'GOARM', 'GOARM64', 'GO386', 'GOMIPS', 'GOMIPS64', 'GOPPC64', 'GORISCV64', 'GOWASM'],
    use: 'bytes',
    why: 'which processors Go builds for',
    inside: true,
  },
  {
    names: ['GOOS', 'GOARCH'],
    use: 'ours',
    why: 'the platform of the step; slipway refuses another one in the environment',
  },
  { names: ['GO15VENDOREXPERIMENT'], use: 'ours', why: 'the value that the scripts of old trees set' },
  {
    names: ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOPROXY', 'GOPRIVATE', 'GOINSECURE', 'GOVCS'],
    use: 'run',
    why: 'where modules come from, each with its sum',
    inside: true,
  },
  { names: ['GOAUTH'], use: 'run', why: 'credentials for module servers' },
  { names: ['GOTOOLCHAIN'], use: 'run', why: 'which Go is used: its version is part of keys' },
  { names: ['GOCOVERDIR'], use: 'run', why: 'where an instrumented program writes coverage data' },
  { names: ['GOBIN'], use: 'none', why: 'where go install writes: slipway places binaries itself' },
  { names: ['GOTMPDIR'], use: 'none', why: 'each step has its own temporary directory' },
  { names: ['GOROOT'], use: 'none', why: 'each Go finds its own; slipway refuses another one' },
  {
    names: ['GOEXE', 'GOGCCFLAGS', 'GOHOSTARCH', 'GOHOSTOS', 'GOMOD', 'GOTOOLDIR', 'GOVERSION'],
    use: 'none',
    why: 'Go prints them, and does not read them',
  },
  { names: ['CGO_*'], use: 'bytes', why: 'whether there is cgo, and its flags', inside: true },
  {
    names: ['CC', 'CXX', 'FC', 'AR', 'LD', 'GCCGO', 'GCCGOTOOLDIR', 'PKG_CONFIG*'],
    use: 'bytes',
    why: 'the C compiler of cgo and its tools',
  },
  {
    names: ['CPATH', 'C_INCLUDE_PATH', 'CPLUS_INCLUDE_PATH', 'LIBRARY_PATH'],
    use: 'bytes',
    why: 'where the C compiler looks for headers and libraries',
  },
  { names: ['NIX_SSL_CERT_FILE', 'CCACHE_*'], use: 'run', why: 'how the C compiler is reached' },
  {
    names: ['NIX_*', 'SDKROOT', 'MACOSX_DEPLOYMENT_TARGET', 'DEVELOPER_DIR'],
    use: 'bytes',
    why: 'what the C compiler of a system builds with',
  },
  {
    names: ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
    use: 'run',
    why: 'the way to the network',
    inside: true,
  },
  {
    names: ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'NETRC', 'SSH_AUTH_SOCK', 'SSH_AGENT_PID'],
    use: 'run',
    why: 'trusted certificates and credentials for the network',
  },
  { names: repositoryVariables, use: 'none', why: 'which repository: each tree has its own' },
  { names: ['GIT_*'], use: 'run', why: 'how git finds and reads repositories' },
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
    use: 'run',
    why: 'without them Windows starts no program',
  },
];

/** The first row with this name. */
export const goVariable = (name: string): VariableRow | undefined =>
  goVariables.find(({ names }) =>
    names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)),
  );

/** Reports whether steps inherit it. */
export const isInherited = (name: string): boolean => ['bytes', 'run'].includes(goVariable(name)?.use ?? 'none');

/** Reports whether its value is part of a step's key. */
export const changesBytes = (name: string): boolean => ['bytes', 'ours'].includes(goVariable(name)?.use ?? 'none');

/** Variables of a process. An unset one may be undefined. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The set variables that `wanted` accepts, sorted by name. */
export function pickVariables(environment: Variables, wanted: (name: string) => boolean): Environment {
  const names = Object.keys(environment).filter((name) => environment[name] !== undefined && wanted(name));
  return Object.fromEntries(names.sort().map((name) => [name, environment[name]!]));
}

/** All variables that Go or its child processes read. If these are equal, two environments have the same effect. */
export const knownEnvironment = (environment: Variables): Environment =>
  pickVariables(environment, (name) => goVariable(name) !== undefined);
