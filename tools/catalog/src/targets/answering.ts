import type { TargetRow } from './row.ts';
import { build } from './variables-of.ts';

/** Targets that answer at once. */
export const answerTargets = [
  {
    name: 'help',
    kind: 'query',
    arguments: '[TARGET…]',
    summary: 'List targets with their variables, defaults and an example. TARGET PRINT_HELP=y shows one.',
    variables: ['PRINT_HELP'],
    example: 'slipway all PRINT_HELP=y',
  },
  {
    name: 'watch',
    kind: 'query',
    arguments: '[TARGET…]',
    summary:
      'Run the targets, and run them again after each change of the tree; --run CMD restarts a command when its binary changes. Ctrl-C ends it. Also: --watch.',
    variables: [],
    example: "slipway watch kube-apiserver --run '_output/bin/kube-apiserver'",
  },
  {
    name: 'verify-imports',
    kind: 'query',
    summary: 'Check the import restrictions of the tree without running its code: WHAT="import-boss imports", or both.',
    variables: ['WHAT'],
    example: 'slipway verify-imports WHAT=import-boss',
  },
  {
    name: 'version',
    kind: 'query',
    summary: "Print slipway's version and the stamps of this tree's binaries.",
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
    summary: 'Show what this tree needs, what this machine has, and the command that installs the rest.',
    variables: ['GO_VERSION', 'FORCE_HOST_GO', 'KUBE_BUILD_PLATFORMS', 'OUT_DIR'],
    example: 'slipway doctor',
  },
  {
    name: 'trust',
    kind: 'query',
    summary: 'Trust the code of this tree that slipway runs, in its present form (for SLIPWAY_TRUST=ask).',
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
    arguments: 'bash, zsh or fish',
    summary: 'Print the completion script of a shell: completion bash, zsh or fish.',
    variables: [],
    example: 'source <(slipway completion bash)',
  },
  {
    name: 'stats',
    kind: 'query',
    summary: 'Show the last runs of this tree: how long they took, what was made, and what was known.',
    variables: [],
    example: 'slipway stats',
  },
  {
    name: 'test-history',
    rare: true,
    kind: 'query',
    arguments: '[PACKAGE]',
    summary: 'Show the last runs of the tests of a package in this tree: ends, durations, flakes. Also: test history.',
    variables: ['OUT_DIR'],
    example: 'slipway test history ./pkg/kubelet',
  },
  {
    name: 'why',
    kind: 'query',
    arguments: 'PACKAGE, FILE or SCRIPT',
    summary:
      'Show, for each command, the shortest chain of imports to a package or file; or why a script (verify-NAME) would run again.',
    variables: ['WHAT', 'KUBE_BUILD_PLATFORMS'],
    example: 'slipway why pkg/kubelet/kubelet.go',
  },
  {
    name: 'query',
    kind: 'query',
    arguments: 'EXPRESSION…',
    summary:
      "Answer Bazel's query language over the packages of this tree: deps, rdeps, somepath, allpaths, kind, filter, tests, set; +, -, ^.",
    variables: ['GOFLAGS', 'GOWORK'],
    example: "slipway query 'rdeps(//..., //pkg/kubelet) - //vendor/...'",
  },
  {
    name: 'update-bazel',
    rare: true,
    kind: 'query',
    summary: 'Do nothing: slipway reads and needs no BUILD files.',
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
    name: 'remote',
    rare: true,
    kind: 'query',
    arguments: 'check [URL]',
    summary:
      'Look at a cluster before it builds: what it can, how fast it answers, a small action, a Go program; with verdict and hints.',
    variables: [],
    example: 'slipway remote check grpc://host:port',
  },
  {
    name: 'gocacheprog',
    rare: true,
    kind: 'query',
    summary: "Serve Go's compile cache from the shared cache; started by Go (1.24 or newer), never by hand.",
    variables: [],
    example: 'GOCACHEPROG="slipway gocacheprog" go build ./...',
  },
  {
    name: 'nx-cache',
    rare: true,
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
