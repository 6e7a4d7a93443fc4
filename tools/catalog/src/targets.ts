import type { Profile } from '@slipway/model';

/** Variables of every target that builds. */
const build = [
  'WHAT',
  'GOFLAGS',
  'GOWORK',
  'GOLDFLAGS',
  'GOGCFLAGS',
  'DBG',
  'KUBE_BUILD_PLATFORMS',
  'KUBE_CGO_OVERRIDES',
  'KUBE_STATIC_OVERRIDES',
  'KUBE_BUILD_WITH_COVERAGE',
  'KUBE_GIT_VERSION_FILE',
  'KUBE_GIT_COMMIT',
  'KUBE_GIT_TREE_STATE',
  'KUBE_GIT_VERSION',
  'SOURCE_DATE_EPOCH',
  'KUBE_<OS>_<ARCH>_CC',
  'KUBE_PARALLEL_BUILD_MEMORY',
  'KUBE_VERBOSE',
  'GO_VERSION',
  'FORCE_HOST_GO',
  'OUT_DIR',
] as const;

/** Variables of the targets that run unit tests. */
const testing = [
  'WHAT',
  'KUBE_TEST_ARGS',
  'KUBE_TIMEOUT',
  'KUBE_RACE',
  'KUBE_COVER',
  'KUBE_COVERMODE',
  'KUBE_COVER_REPORT_DIR',
  'SLIPWAY_TEST_ENVIRONMENT',
  'KUBE_JUNIT_REPORT_DIR',
  'ARTIFACTS',
  'GOFLAGS',
  'GOWORK',
  'GO_VERSION',
  'FORCE_HOST_GO',
  'OUT_DIR',
] as const;

/** Variables of every target that packages. */
const packaging = [
  'KUBE_BUILD_PLATFORMS',
  'KUBE_BUILD_CONFORMANCE',
  'KUBE_BUILD_HYPERKUBE',
  'KUBE_DOCKER_REGISTRY',
  'KUBE_DOCKER_IMAGE_TAG',
  'SLIPWAY_COMPRESSION',
  'KUBE_<NAME>_BASE_IMAGE',
  'KUBE_BASE_IMAGE_REGISTRY',
  'SOURCE_DATE_EPOCH',
  'OUT_DIR',
] as const;

/** Variables of every target that asks a container engine. */
const engine = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_CGROUP_PARENT',
  'KUBE_CROSS_IMAGE',
  'KUBE_CROSS_VERSION',
  'KUBE_BASE_IMAGE_REGISTRY',
] as const;

/** Variables of every target that sends the tree into a container. */
const inside = [...engine, 'KUBE_RSYNC_PORT', 'KUBE_RSYNC_COMPRESS'] as const;

/** Variables of every target that builds what it packages. */
const shipping = [...new Set<string>([...build, ...packaging])];

/** Variables of every target that builds in containers what it packages. */
const releasing = [...new Set<string>([...shipping, ...inside])];

/**
 * A make-style goal. Planned targets become steps, by their row in plan/flows/local.ts; containerized ones too, each alone, by
 * plan/flows/containerized.ts, and releases by either; the others answer at once, each from its file in cli/commands. All are typed by these names.
 */
export const targets = [
  {
    name: 'all',
    kind: 'build',
    does: 'build',
    summary: 'Build commands, test binaries and everything else WHAT names, for the host or KUBE_BUILD_PLATFORMS.',
    variables: build,
    example: 'slipway all WHAT=cmd/kubectl GOFLAGS=-v',
  },
  {
    name: 'build',
    kind: 'build',
    does: 'build',
    arguments: 'LABEL…',
    summary: "As all, in Bazel's words: //cmd/kubectl, //pkg/..., //test/e2e:e2e.test; -//vendor/... takes away.",
    variables: build,
    example: 'slipway build //cmd/kubectl/...',
  },
  {
    name: 'bazel-build',
    kind: 'build',
    does: 'build',
    arguments: 'LABEL…',
    summary: 'The make spelling of build; without labels //... -//vendor/...',
    variables: build,
    example: 'slipway bazel-build',
  },
  {
    name: 'cross',
    kind: 'build',
    does: 'build',
    summary: 'Build every set (server, node, client, test) for all its platforms.',
    variables: [...build, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway cross KUBE_BUILD_PLATFORMS="linux/amd64 windows/amd64"',
  },
  {
    name: 'release',
    kind: 'build',
    does: 'package',
    packs: 'everything',
    containers: true,
    profile: 'release',
    summary:
      'Build every set for all its platforms in the build container, run the tests there, then make images, tarballs and checksums.',
    variables: [...releasing, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RELEASE_RUN_TESTS'],
    example: 'slipway release',
  },
  {
    name: 'bazel-release',
    kind: 'build',
    does: 'package',
    packs: 'everything',
    profile: 'release',
    summary: 'release without the tests, by its name of Bazel days: nothing that did not change is made again.',
    variables: [...shipping, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway bazel-release',
  },
  {
    name: 'release-skip-tests',
    kind: 'build',
    does: 'package',
    packs: 'everything',
    containers: true,
    profile: 'release',
    summary: 'release without the tests.',
    variables: [...releasing, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway release-skip-tests KUBE_BUILD_PLATFORMS=linux/amd64',
  },
  {
    name: 'quick-release',
    kind: 'build',
    does: 'package',
    packs: 'everything',
    platform: 'own',
    containers: true,
    profile: 'release',
    summary: 'release for linux on this architecture only, without the tests.',
    variables: [...releasing, 'KUBE_BUILDER_OS'],
    example: 'slipway quick-release',
  },
  {
    name: 'release-verify',
    kind: 'query',
    arguments: 'DIR|URL|STATEMENT [PUBLIC-KEY]',
    summary:
      'Check a published set, with nothing but itself: checksums, provenance, bills of materials, and with a key who signed it. Also: release verify.',
    variables: [],
    example: 'slipway release verify _output/release-tars publisher.pem.pub',
  },
  {
    name: 'release-sign',
    kind: 'query',
    arguments: 'DIR|STATEMENT KEY',
    summary: 'Check a set, then sign its provenance with a private key, made when it is not there. Also: release sign.',
    variables: [],
    example: 'slipway release sign _output/release-tars publisher.pem',
  },
  {
    name: 'release-audit',
    kind: 'query',
    arguments: '[TARGET] [PUBLIC-KEY]',
    summary:
      'Check that every artifact of the plan is there, whole, described and, with a key, signed; --repair makes again what is not. Also: release audit.',
    variables: ['OUT_DIR', 'KUBE_BUILD_PLATFORMS'],
    example: 'slipway release audit --repair',
  },
  {
    name: 'release-notes',
    kind: 'query',
    arguments: '[FROM] TO',
    summary: 'Print the commits between two tags, by the components whose packages they change. Also: release notes.',
    variables: [],
    example: 'slipway release notes v1.2.3 v1.3.0',
  },
  {
    name: 'release-reproduce',
    kind: 'query',
    arguments: 'DIR|URL',
    summary:
      'Build a published set again, of this tree and as its provenance says, and compare it byte by byte. Also: release reproduce.',
    variables: ['OUT_DIR', 'GOFLAGS', 'GOWORK', 'GOLDFLAGS', 'GOGCFLAGS'],
    example: 'slipway release reproduce ~/downloads/v1.28.7',
  },
  {
    name: 'release-images',
    kind: 'build',
    does: 'package',
    packs: 'images',
    containers: true,
    profile: 'release',
    summary: 'Build what ships as images, and the images.',
    variables: [...releasing, 'KUBE_FASTBUILD'],
    example: 'slipway release-images KUBE_DOCKER_REGISTRY=localhost:5000',
  },
  {
    name: 'quick-release-images',
    kind: 'build',
    does: 'package',
    packs: 'images',
    platform: 'own',
    containers: true,
    profile: 'release',
    summary: 'release-images for linux on this architecture only.',
    variables: releasing,
    example: 'slipway quick-release-images',
  },
  {
    name: 'push-images',
    kind: 'build',
    does: 'package',
    packs: 'pushed images',
    profile: 'release',
    summary: 'release-images, then push them to KUBE_DOCKER_REGISTRY: each, and one name for all platforms.',
    variables: [...shipping, 'KUBE_FASTBUILD'],
    example: 'slipway push-images KUBE_DOCKER_REGISTRY=localhost:5000/release',
  },
  {
    name: 'load-images',
    kind: 'build',
    does: 'package',
    packs: 'loaded images',
    platform: 'own',
    profile: 'release',
    summary: 'quick-release-images, then load them into the container engine.',
    variables: [...shipping, 'DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'],
    example: 'slipway load-images KUBE_DOCKER_IMAGE_TAG=dev',
  },
  {
    name: 'package-tarballs',
    kind: 'build',
    does: 'package',
    packs: 'everything',
    containers: true,
    profile: 'release',
    summary: 'Make images, tarballs and checksums of the binaries a release built before.',
    variables: [...packaging, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway package-tarballs',
  },
  {
    name: 'generated_files',
    kind: 'build',
    does: 'generate',
    summary: 'Make the files that generators make of sources: deepcopy, defaults, conversions, OpenAPI, embedded data.',
    variables: ['UPDATE_API_KNOWN_VIOLATIONS', 'KUBE_VERBOSE', 'GO_VERSION', 'FORCE_HOST_GO', 'OUT_DIR'],
    example: 'slipway generated_files UPDATE_API_KNOWN_VIOLATIONS=true',
  },
  {
    name: 'vet',
    kind: 'build',
    does: 'vet',
    summary: 'Run go vet on the packages WHAT names, else on every module of the tree.',
    variables: ['WHAT', 'GOFLAGS', 'GOWORK', 'GO_VERSION', 'FORCE_HOST_GO', 'OUT_DIR'],
    example: 'slipway vet WHAT=./pkg/...',
  },
  {
    name: 'test',
    kind: 'build',
    does: 'test',
    arguments: 'LABEL…',
    summary:
      'Run the tests of the packages WHAT names, else of all: those whose files, or what they read, changed since they passed.',
    variables: testing,
    example: 'slipway test WHAT="./pkg/kubelet/... ./cmd/..." KUBE_RACE=-race',
  },
  {
    name: 'check',
    kind: 'build',
    does: 'test',
    arguments: 'LABEL…',
    summary: 'The same as test, as make has it.',
    variables: testing,
    example: 'slipway check WHAT=./pkg/kubelet',
  },
  {
    name: 'bazel-test',
    kind: 'build',
    does: 'test',
    arguments: 'LABEL…',
    summary: "The same as test, in Bazel's words: //pkg/..., -//vendor/...",
    variables: testing,
    example: 'slipway bazel-test //pkg/kubelet/...',
  },
  {
    name: 'test-integration',
    kind: 'build',
    does: 'build',
    summary: 'Run the tests WHAT names, else the integration tests of the tree, on binaries that are built before.',
    variables: [
      'WHAT',
      'KUBE_TEST_ARGS',
      'KUBE_TIMEOUT',
      'KUBE_RACE',
      'KUBE_INTEGRATION_TEST_MAX_CONCURRENCY',
      ...build.filter((name) => name !== 'WHAT' && name !== 'KUBE_BUILD_PLATFORMS'),
    ],
    example: 'slipway test-integration WHAT=./test/integration/scheduler KUBE_TEST_ARGS="-run=TestPreemption -v"',
  },
  {
    name: 'clean',
    kind: 'build',
    does: 'clean',
    summary: 'Remove the output directory and what the tree itself calls temporary.',
    variables: ['OUT_DIR'],
    example: 'slipway clean',
  },
  {
    name: 'run',
    kind: 'containerized',
    arguments: '-- COMMAND…',
    summary: 'Run a command in the build container, and bring back what it made: run -- make WHAT=cmd/kubectl.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RUN_COPY_OUTPUT'],
    example: 'slipway run -- go version',
  },
  {
    name: 'shell',
    kind: 'containerized',
    arguments: '-- WORD…',
    summary: 'Open a shell in the build container; words after -- go to bash.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RUN_COPY_OUTPUT'],
    example: 'slipway shell',
  },
  {
    name: 'copy-output',
    kind: 'containerized',
    summary: 'Bring back results and generated files from the data container.',
    variables: ['OUT_DIR', ...engine],
    example: 'slipway copy-output',
  },
  {
    name: 'make-build-image',
    kind: 'containerized',
    summary: 'Have the build image and the data container in the engine; -B makes the base image anew.',
    variables: ['GO_VERSION', 'FORCE_HOST_GO', 'OUT_DIR', ...engine],
    example: 'slipway make-build-image --from-packages',
  },
  {
    name: 'make-clean',
    kind: 'containerized',
    summary: 'Remove the containers, volumes and images of this tree from the engine.',
    variables: ['OUT_DIR', ...engine],
    example: 'slipway make-clean',
  },
  {
    name: 'cross-in-a-container',
    kind: 'containerized',
    as: 'cross',
    summary: 'Build every set for all its platforms in the build container; results in _output/dockerized/bin.',
    variables: [...build, ...inside, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
    example: 'slipway cross-in-a-container KUBE_BUILD_PLATFORMS=linux/amd64',
  },
  {
    name: 'release-in-a-container',
    kind: 'containerized',
    as: 'release',
    profile: 'release',
    summary: 'release, never without a container.',
    variables: [...releasing, 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'KUBE_RELEASE_RUN_TESTS'],
    example: 'slipway release-in-a-container KUBE_RELEASE_RUN_TESTS=n',
  },
  {
    name: 'help',
    kind: 'query',
    arguments: '[TARGET…]',
    summary: 'List targets with their variables, defaults and an example. TARGET PRINT_HELP=y shows one.',
    variables: ['PRINT_HELP'],
    example: 'slipway all PRINT_HELP=y',
  },
  {
    name: 'verify',
    kind: 'query',
    summary: 'Hold the tree to its import restrictions: WHAT="import-boss imports", or both.',
    variables: ['WHAT'],
    example: 'slipway verify WHAT=import-boss',
  },
  {
    name: 'version',
    kind: 'query',
    summary: "Print slipway's version and what would be stamped into this tree's binaries.",
    variables: [
      'KUBE_GIT_VERSION_FILE',
      'KUBE_GIT_COMMIT',
      'KUBE_GIT_TREE_STATE',
      'KUBE_GIT_VERSION',
      'SOURCE_DATE_EPOCH',
    ],
    example: 'slipway version --profile make',
  },
  {
    name: 'doctor',
    kind: 'query',
    summary: 'Say what this tree needs of this machine, what is there, and the command that gets what is not.',
    variables: ['GO_VERSION', 'FORCE_HOST_GO', 'KUBE_BUILD_PLATFORMS', 'OUT_DIR'],
    example: 'slipway doctor',
  },
  {
    name: 'trust',
    kind: 'query',
    summary: 'Allow what runs of this tree to know it, as it is now, where you asked to be asked (SLIPWAY_TRUST=ask).',
    variables: [],
    example: 'slipway trust',
  },
  {
    name: 'init',
    kind: 'query',
    summary: 'Write slipway.config.ts with what was inferred; --makefile writes a Makefile that forwards to slipway.',
    variables: [],
    example: 'slipway init --makefile',
  },
  {
    name: 'new',
    kind: 'query',
    arguments: 'component NAME, staging NAME',
    summary:
      'Write a component or staging module of this repository from its templates, and its row where they are listed.',
    variables: [],
    example: 'slipway new component kube-example',
  },
  {
    name: 'completion',
    kind: 'query',
    arguments: 'SHELL',
    summary: 'Print the completion script of a shell: completion bash, zsh or fish.',
    variables: [],
    example: 'source <(slipway completion bash)',
  },
  {
    name: 'why',
    kind: 'query',
    arguments: 'PACKAGE or FILE',
    summary: 'Show, for each command, the shortest chain of imports to a package or file.',
    variables: ['WHAT', 'KUBE_BUILD_PLATFORMS'],
    example: 'slipway why pkg/kubelet/kubelet.go',
  },
  {
    name: 'query',
    kind: 'query',
    arguments: 'EXPRESSION',
    summary:
      "Answer Bazel's query language over the packages of this tree: deps, rdeps, somepath, allpaths, kind, filter, tests, set; +, -, ^.",
    variables: ['GOFLAGS', 'GOWORK'],
    example: "slipway query 'rdeps(//..., //pkg/kubelet) - //vendor/...'",
  },
  {
    name: 'update-bazel',
    kind: 'query',
    summary: 'Say that there is nothing to update: no BUILD file is read or needed.',
    variables: [],
    example: 'slipway update-bazel',
  },
  {
    name: 'affected',
    kind: 'query',
    arguments: '[commands, tests or images]',
    summary:
      'List the commands (or packages with tests, or images) that depend on a file changed since --base, from git, without building.',
    variables: ['WHAT', 'KUBE_BUILD_PLATFORMS'],
    example: 'slipway affected --base main',
  },
  {
    name: 'graph',
    kind: 'query',
    arguments: 'check or inputs, [TARGET…]',
    summary:
      'Compare the kept package graph with a fresh go list (graph check), or list what commands are made of (graph inputs).',
    variables: ['WHAT', 'KUBE_BUILD_PLATFORMS'],
    example: 'slipway graph check cross',
  },
  {
    name: 'cache',
    kind: 'query',
    arguments: 'list, show KEY, verify, prune, key FILE',
    summary:
      'Show the store of this user (cache), its records (cache list, cache show KEY); cache verify re-hashes, cache prune shrinks; cache key makes the key of a trusted writer.',
    variables: [],
    example: 'slipway cache verify',
  },
  {
    name: 'gocacheprog',
    kind: 'query',
    summary: "Serve Go's compile cache from the shared cache; started by Go (1.24 or newer), never by hand.",
    variables: [],
    example: 'GOCACHEPROG="slipway gocacheprog" go build ./...',
  },
  {
    name: 'nx-cache',
    kind: 'query',
    arguments: '-- COMMAND…',
    summary: 'Run a command of Nx with its self-hosted remote cache in this store, and behind it the shared cache.',
    variables: [],
    example: 'slipway nx-cache -- nx run-many -t build',
  },
  {
    name: 'compare',
    kind: 'query',
    arguments: 'DIR DIR, or with --with make TARGET…',
    summary:
      "Compare two directories of binaries, or (--with make) this tree's own make with profile make, byte by byte.",
    variables: build,
    example: 'slipway compare --with make SOURCE_DATE_EPOCH=1700000000',
  },
] as const satisfies readonly TargetRow[];

interface AnyRow {
  readonly name: string;
  /** The profile when none is given; dev where this says nothing. */
  readonly profile?: Profile;
  /** Words it takes after it. */
  readonly arguments?: string;
  readonly summary: string;
  readonly variables: readonly string[];
  readonly example: string;
}

/** What a goal is. One that packages says how far. */
type PlannedRow = PlannedAnyhow &
  (
    | { readonly does: 'package'; readonly packs: Packing }
    | { readonly does: 'build' | 'clean' | 'vet' | 'generate' | 'test'; readonly packs?: never }
  );

interface PlannedAnyhow extends AnyRow {
  readonly kind: 'build';
  /** For linux on this machine's architecture alone. */
  readonly platform?: 'own';
  /** What it builds is built in containers, but with --without-docker. */
  readonly containers?: true;
}

interface ContainerizedRow extends AnyRow {
  readonly kind: 'containerized';
  /** The planned target that is done in the container. */
  readonly as?: string;
}

interface AskedRow extends AnyRow {
  readonly kind: 'query';
}

type TargetRow = PlannedRow | ContainerizedRow | AskedRow;

/** Images alone, these and where they are taken, or all of a release. */
export type Packing = 'images' | 'pushed images' | 'loaded images' | 'everything';

export type Target = TargetRow;
type NamesOf<K extends TargetRow['kind']> = Extract<(typeof targets)[number], { kind: K }>['name'];
export type BuildTarget = NamesOf<'build'>;
/** Planned targets whose row says so are done in containers, too. */
export type ContainerizedTarget =
  | NamesOf<'containerized'>
  | Extract<(typeof targets)[number], { readonly containers: true }>['name'];
export type QueryTarget = NamesOf<'query'>;

/** Targets that are done in containers, and on this machine with --without-docker. */
export const eitherWay: readonly string[] = targets.flatMap((target) => ('containers' in target ? [target.name] : []));

export const findTarget = (name: string): (typeof targets)[number] | undefined =>
  targets.find((target) => target.name === name);

/** Whether a word asks for unit tests. */
export const isTest = (name: string): boolean => {
  const target = findTarget(name);
  return target?.kind === 'build' && target.does === 'test';
};

/** The row of a target that is planned. */
export const plannedRow = (name: BuildTarget): PlannedRow =>
  targets.find((target): target is Extract<(typeof targets)[number], { kind: 'build' }> => target.name === name)!;
