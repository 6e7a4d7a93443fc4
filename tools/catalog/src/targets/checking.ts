import type { TargetRow } from './row.ts';
import { build, checking, testing } from './variables-of.ts';

/** Targets that generate, check, test and clean. */
export const checkTargets = [
  {
    name: 'generated_files',
    kind: 'build',
    does: 'generate',
    summary: 'Generate files from sources: deepcopy, defaults, conversions, OpenAPI, embedded data.',
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
    rare: true,
    kind: 'build',
    does: 'test',
    arguments: 'LABEL…',
    summary: 'The same as test, under its name in make.',
    variables: testing,
    example: 'slipway check WHAT=./pkg/kubelet',
  },
  {
    name: 'bazel-test',
    rare: true,
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
    name: 'verify',
    kind: 'build',
    does: 'verify',
    summary:
      "Run the tree's hack/verify-* scripts and slipway's own checks that WHAT names, else all: those whose files, or whatever else they read, changed since they passed.",
    variables: checking,
    example: 'slipway verify WHAT="boilerplate pkg-names"',
  },
  {
    name: 'quick-verify',
    kind: 'build',
    does: 'verify',
    summary: 'The same with only the checks that the tree calls quick.',
    variables: checking,
    example: 'slipway quick-verify',
  },
  {
    name: 'update',
    kind: 'build',
    does: 'update',
    summary:
      "Run the tree's hack/update-* scripts and slipway's own checks that mend that WHAT names, else those it lists, one after the other.",
    variables: [...checking, 'FORCE_ALL'],
    example: 'slipway update WHAT=gofmt',
  },
  {
    name: 'clean',
    kind: 'build',
    does: 'clean',
    summary: 'Remove the output directory and what the tree itself calls temporary.',
    variables: ['OUT_DIR'],
    example: 'slipway clean',
  },
] as const satisfies readonly TargetRow[];
