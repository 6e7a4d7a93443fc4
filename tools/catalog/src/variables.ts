export const DEFAULT_OUT_DIR = '_output';

/** A variable in make's style: after the target, or in the environment. */
export interface Variable {
  readonly name: string;
  /** The default, in words. */
  readonly default: string;
  readonly effect: string;
  /** The valid values, in words, and a test for them. Without it all values are valid. */
  readonly expected?: { readonly words: string; readonly test: RegExp };
}

const yes = { words: 'y or n', test: /^[ynYN]?$/ } as const;
const gibibytes = { words: 'a number of GiB, e.g. 20', test: /^\d*(\.\d+)?$/ } as const;

export const variables: readonly Variable[] = [
  {
    name: 'WHAT',
    default: 'everything',
    effect:
      'commands, test binaries (dir/name.test) or patterns, space separated; words with a dash go to Go; packages for vet and test-integration, names of scripts without verify- or update- for those',
  },
  { name: 'BRANCH', default: '', effect: 'verify: the branch scripts compare with; they see KUBE_VERIFY_GIT_BRANCH' },
  { name: 'EXCLUDE', default: '', effect: 'verify, update: names of scripts that are left out, space separated' },
  ...(
    [
      ['EXCLUDE_TYPECHECK', 'y leaves out typechecks, if the tree lists them'],
      ['EXCLUDE_GODEP', 'y leaves out checks of dependencies, if the tree lists them'],
      ['EXCLUDE_READONLY_PACKAGE', 'y leaves out the check of read-only packages, if the tree has one'],
    ] as const
  ).map(([name, effect]) => ({ name, default: 'n', effect, expected: yes })),
  {
    name: 'SILENT',
    default: '',
    effect: 'true hides the output of scripts, false shows it also for scripts that pass',
    expected: { words: 'true or false', test: /^(true|false|)$/ },
  },
  {
    name: 'FORCE_ALL',
    default: 'false',
    effect: 'true goes on with the next script after one that failed',
    expected: { words: 'true or false', test: /^(true|false|)$/ },
  },
  { name: 'TESTS', default: '', effect: 'test: more words for WHAT' },
  { name: 'GOFLAGS', default: '', effect: "Go's own flags; -tags= and -ldflags= are joined with the tree's" },
  { name: 'GOWORK', default: "the tree's go.work", effect: 'off, or the go.work to build with, as Go takes it' },
  {
    name: 'CGO_ENABLED',
    default: "the tree's",
    effect: '0 builds without cgo, 1 with it on every platform that has a C compiler',
    expected: { words: '0 or 1', test: /^[01]?$/ },
  },
  { name: 'GOLDFLAGS', default: '', effect: 'appended to the linker flags' },
  { name: 'GOGCFLAGS', default: '', effect: 'appended to the compiler flags' },
  {
    name: 'DBG',
    default: '',
    effect: '1 builds for a debugger: not optimised, not stripped',
    expected: { words: '1 or nothing', test: /^[01]?$/ },
  },
  {
    name: 'KUBE_BUILD_PLATFORMS',
    default: 'the host; every supported one for cross',
    effect: 'space separated os/arch',
  },
  {
    name: 'KUBE_FASTBUILD',
    default: 'false',
    effect: 'true narrows cross to linux on this architecture',
    expected: { words: 'true or false', test: /^(true|false|)$/ },
  },
  {
    name: 'KUBE_BUILDER_OS',
    default: 'the host',
    effect: 'darwin… adds darwin to the client and test platforms of a fast build',
  },
  { name: 'KUBE_CGO_OVERRIDES', default: '', effect: 'names of binaries to build with cgo' },
  { name: 'KUBE_STATIC_OVERRIDES', default: '', effect: 'names of binaries to build without cgo' },
  { name: 'KUBE_BUILD_WITH_COVERAGE', default: '', effect: 'anything instruments the components for coverage' },
  { name: 'KUBE_GIT_VERSION_FILE', default: '', effect: "a file with KUBE_GIT_…='…' lines, used instead of git" },
  {
    name: 'SLIPWAY_SOURCE',
    default: "git's remote origin",
    effect: 'the address of the source, for images and the provenance',
    expected: { words: 'an address of http, https, ssh or git', test: /^(?:(?:https?|ssh|git):\/\/[^\s@]+)?$/ },
  },
  {
    name: 'SLIPWAY_BUILDER_ID',
    default: 'https://slipway.example/slipway',
    effect: 'the builder in the provenance: an address that your verifiers trust',
    expected: { words: 'an address, as https://ci.example/release', test: /^(?:[a-z][a-z0-9+.-]*:[^\s@]+)?$/ },
  },
  { name: 'KUBE_GIT_COMMIT', default: 'from git', effect: 'the commit that is stamped' },
  {
    name: 'KUBE_GIT_TREE_STATE',
    default: 'from git',
    effect: 'the tree state that is stamped',
    expected: { words: 'clean, dirty or archive', test: /^(clean|dirty|archive|)$/ },
  },
  { name: 'KUBE_GIT_VERSION', default: 'from git', effect: 'the version that is stamped' },
  {
    name: 'KUBE_GIT_MAJOR',
    default: 'from the version',
    effect: 'the major version that is stamped, in a version file',
  },
  {
    name: 'KUBE_GIT_MINOR',
    default: 'from the version',
    effect: 'the minor version that is stamped, in a version file',
  },
  {
    name: 'SOURCE_DATE_EPOCH',
    default: 'release: the commit; make: now',
    effect: 'seconds since 1970 that are stamped as build date',
    expected: { words: 'seconds since 1970', test: /^\d{0,11}$/ },
  },
  {
    name: 'KUBE_VERBOSE',
    default: '1',
    effect: '2 and more also print the output of steps that succeeded',
    expected: { words: 'a number', test: /^\d*$/ },
  },
  {
    name: 'KUBE_PARALLEL_BUILD_MEMORY',
    default: '3',
    effect: 'free memory in GiB for each further platform built at the same time',
    expected: gibibytes,
  },
  {
    name: 'KUBE_COVER',
    default: 'n',
    effect: 'y measures the coverage of each package that is tested',
    expected: yes,
  },
  {
    name: 'KUBE_COVERMODE',
    default: 'atomic',
    effect: "how coverage is counted, as Go's -covermode",
    expected: { words: 'set, count or atomic', test: /^(set|count|atomic|)$/ },
  },
  {
    name: 'KUBE_COVER_REPORT_DIR',
    default: '_output/local/coverage',
    effect: 'where combined-coverage.out and cobertura.xml are written with KUBE_COVER=y',
  },
  {
    name: 'SLIPWAY_TEST_ENVIRONMENT',
    default: '',
    effect: 'names of variables of your environment that tests also get, space separated',
    expected: { words: 'names, space separated', test: /^[A-Za-z0-9_ ]*$/ },
  },
  { name: 'KUBE_JUNIT_REPORT_DIR', default: '', effect: 'where junit_*.xml of builds, tests and scripts is written' },
  {
    name: 'KUBE_KEEP_VERBOSE_TEST_OUTPUT',
    default: 'n',
    effect: 'y writes a junit_*.stdout beside junit_*.xml: the output of all tests, as go test -json prints it',
    expected: yes,
  },
  {
    name: 'PARALLEL',
    default: "Go's own: the cores",
    effect: 'test: how many packages are compiled or tested at the same time',
    expected: { words: 'a number', test: /^\d{0,4}$/ },
  },
  { name: 'FULL_LOG', default: '', effect: 'anything prints the whole output of tests, as -v in KUBE_TEST_ARGS does' },
  { name: 'ARTIFACTS', default: '', effect: 'the same, where KUBE_JUNIT_REPORT_DIR is not given' },
  {
    name: 'KUBE_TEST_ARGS',
    default: '',
    effect: 'arguments of go test after the packages, and of the tests, space separated',
  },
  {
    name: 'KUBE_TIMEOUT',
    default: "the tree's own; -timeout=600s for test-integration",
    effect: 'how long the tests of one package may take',
    expected: { words: '-timeout=DURATION, e.g. -timeout=20m', test: /^(-timeout=\S+|)$/ },
  },
  {
    name: 'KUBE_RACE',
    default: '',
    effect: '-race finds data races',
    expected: { words: '-race or nothing', test: /^(-race|\s*)$/ },
  },
  {
    name: 'KUBE_INTEGRATION_TEST_MAX_CONCURRENCY',
    default: 'the cores',
    effect: 'GOMAXPROCS of the tests',
    expected: { words: 'a number', test: /^\d*$/ },
  },
  {
    name: 'UPDATE_API_KNOWN_VIOLATIONS',
    default: '',
    effect: 'true accepts all current API rule violations, instead of failing for new ones',
    expected: { words: 'true or nothing', test: /^(true|false)?$/ },
  },
  { name: 'GO_VERSION', default: ".go-version, else go.mod's", effect: 'the Go toolchain to build with' },
  { name: 'FORCE_HOST_GO', default: '', effect: 'anything takes the Go on PATH, whatever its version' },
  { name: 'OUT_DIR', default: DEFAULT_OUT_DIR, effect: 'where results go' },
  {
    name: 'KUBE_<OS>_<ARCH>_CC',
    default: "the distribution's cross compiler",
    effect: 'the C compiler of a platform, e.g. KUBE_LINUX_ARM64_CC; turns cgo on there',
  },
  {
    name: 'KUBE_RELEASE_RUN_TESTS',
    default: 'y',
    effect: 'n leaves the tests out of release',
    expected: yes,
  },
  {
    name: 'KUBE_BUILD_CONFORMANCE',
    default: "the tree's",
    effect: "y makes the conformance image, n does not: where the tree's scripts have one",
    expected: yes,
  },
  {
    name: 'KUBE_BUILD_HYPERKUBE',
    default: "the tree's",
    effect: 'the same for the hyperkube image of old trees',
    expected: yes,
  },
  {
    name: 'KUBE_DOCKER_REGISTRY',
    default: "the tree's",
    effect: 'images get a second name in this registry',
    expected: {
      words: 'HOST[:PORT][/PATH], e.g. localhost:5000/release',
      test: /^(([\w.-]+|\[[\da-fA-F:]+\])(:\d+)?(\/[a-z\d]+([._-]+[a-z\d]+)*)*)?$/,
    },
  },
  {
    name: 'KUBE_DOCKER_IMAGE_TAG',
    default: 'the version',
    effect: 'images get a second name with this tag',
    expected: { words: 'a tag: letters, digits, _, . and -, 128 at most', test: /^(\w[\w.-]{0,127})?$/ },
  },
  {
    name: 'SLIPWAY_COMPRESSION',
    default: 'gzip',
    effect: 'zstd makes .tar.zst of the tarballs; layers of images stay gzip',
    expected: { words: 'gzip or zstd', test: /^(gzip|zstd|)$/ },
  },
  {
    name: 'KUBE_<NAME>_BASE_IMAGE',
    default: "the tree's",
    effect: 'the base of an image, e.g. KUBE_PROXY_BASE_IMAGE; oci:DIRECTORY is an image layout on disk',
  },
  {
    name: 'KUBE_BASE_IMAGE_REGISTRY',
    default: "the tree's",
    effect: 'the registry base images come from, where no other is named',
  },
  {
    name: 'DOCKER_HOST',
    default: "the context's, else the usual socket",
    effect: 'unix://…, tcp://… or ssh://… of an engine',
  },
  { name: 'DOCKER_CONTEXT', default: "docker's current one", effect: 'a context of the docker command' },
  { name: 'DOCKER_TLS_VERIFY', default: '', effect: 'anything uses certificates for a tcp:// engine' },
  { name: 'DOCKER_CERT_PATH', default: '~/.docker', effect: 'where ca.pem, cert.pem and key.pem are' },
  { name: 'DOCKER_CGROUP_PARENT', default: '', effect: 'the cgroup the build container is put into' },
  { name: 'KUBE_CROSS_IMAGE', default: '', effect: 'an image to pull and begin from, instead of packages' },
  { name: 'KUBE_CROSS_VERSION', default: 'build/build-image/cross/VERSION', effect: 'its tag' },
  {
    name: 'KUBE_RSYNC_PORT',
    default: 'any that is free',
    effect: "the port of the engine's machine that rsync's daemon gets; selects --sync rsync if it is available",
    expected: { words: 'a port', test: /^\d{0,5}$/ },
  },
  {
    name: 'KUBE_RSYNC_COMPRESS',
    default: '0',
    effect: "rsync's --compress-level; selects --sync rsync if it is available",
    expected: { words: 'a number', test: /^\d{0,2}$/ },
  },
  {
    name: 'KUBE_RUN_COPY_OUTPUT',
    default: 'y for run, n for shell',
    effect: 'whether results and generated files are brought back',
    expected: yes,
  },
  { name: 'PRINT_HELP', default: 'n', effect: 'y prints the help of the targets instead', expected: yes },
];

/** Reports whether tests measure coverage. */
export const covers = (given: Readonly<Record<string, string>>): boolean => /^y/i.test(given['KUBE_COVER'] ?? '');

/** Reports whether the output of passing tests is printed, too. */
export const showsAll = (given: Readonly<Record<string, string>>): boolean =>
  (given['FULL_LOG'] ?? '') !== '' ||
  ['KUBE_TEST_ARGS', 'WHAT', 'GOFLAGS'].some((name) => /(^|\s)--?(test\.)?v(=true)?(\s|$)/.test(given[name] ?? ''));

/** Reports whether that output is kept in a file. */
export const keepsAll = (given: Readonly<Record<string, string>>): boolean =>
  /^y/i.test(given['KUBE_KEEP_VERBOSE_TEST_OUTPUT'] ?? '');

/** KUBE_LINUX_ARM64_CC and others: the C compiler of a platform. It turns cgo on there. */
const compilerVariable = /^KUBE_[A-Z0-9]+_[A-Z0-9]+_CC$/;

/** KUBE_PROXY_BASE_IMAGE and KUBECTL_BASE_IMAGE; for several images KUBE_GORUNNER_IMAGE and KUBE_BUILD_SETCAP_IMAGE. */
const baseImageVariable = /^(KUBE_[A-Z0-9_]+|KUBECTL)_BASE_IMAGE$|^KUBE_(GORUNNER|BUILD_SETCAP)_IMAGE$/;

export function findVariable(name: string): Variable | undefined {
  const variable = variables.find((candidate) => candidate.name === name);
  if (baseImageVariable.test(name)) return variables.find((candidate) => candidate.name === 'KUBE_<NAME>_BASE_IMAGE');
  if (variable !== undefined || !compilerVariable.test(name)) return variable;
  return variables.find((candidate) => candidate.name === 'KUBE_<OS>_<ARCH>_CC');
}

/**
 * Variables that a command in the build container does not get, with the reason. It gets all others that the user gave.
 */
export const whyNoContainer: Readonly<Record<string, string>> = {
  WHAT: 'the command gets it as an argument',
  OUT_DIR: 'a path on this machine',
  KUBE_GIT_VERSION_FILE: 'a file of this machine; its values are passed on',
  PRINT_HELP: 'for slipway',
  KUBE_RUN_COPY_OUTPUT: 'for slipway',
  KUBE_RSYNC_PORT: 'for slipway',
  KUBE_RSYNC_COMPRESS: 'for slipway',
  FORCE_HOST_GO: 'the image has its own Go',
  GO_VERSION: 'the image has its own Go',
  DOCKER_HOST: 'the container cannot reach the engine',
  DOCKER_CONTEXT: 'the container cannot reach the engine',
  DOCKER_TLS_VERIFY: 'the container cannot reach the engine',
  DOCKER_CERT_PATH: 'the container cannot reach the engine',
  DOCKER_CGROUP_PARENT: 'of the container itself',
  KUBE_CROSS_IMAGE: 'the container runs in this image',
  KUBE_CROSS_VERSION: 'the container runs in this image',
  KUBE_BASE_IMAGE_REGISTRY: 'the container runs in this image',
};

/** The user's variables that tests see: those named in SLIPWAY_TEST_ENVIRONMENT, if they are set. */
export function testEnvironment(
  given: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = (given['SLIPWAY_TEST_ENVIRONMENT'] ?? '').split(' ').filter((name) => name !== '');
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const])),
  );
}
