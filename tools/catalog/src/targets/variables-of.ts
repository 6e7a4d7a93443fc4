/** Variables of every target that builds. */
export const build = [
  'WHAT',
  'GOFLAGS',
  'GOWORK',
  'CGO_ENABLED',
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
  'KUBE_JUNIT_REPORT_DIR',
  'ARTIFACTS',
] as const;

/** Variables of the targets that run unit tests. */
export const testing = [
  'WHAT',
  'TESTS',
  'KUBE_TEST_ARGS',
  'KUBE_TIMEOUT',
  'KUBE_RACE',
  'KUBE_COVER',
  'KUBE_COVERMODE',
  'KUBE_COVER_REPORT_DIR',
  'SLIPWAY_TEST_ENVIRONMENT',
  'KUBE_JUNIT_REPORT_DIR',
  'KUBE_KEEP_VERBOSE_TEST_OUTPUT',
  'FULL_LOG',
  'PARALLEL',
  'ARTIFACTS',
  'GOFLAGS',
  'GOWORK',
  'GO_VERSION',
  'FORCE_HOST_GO',
  'OUT_DIR',
] as const;

/** Variables of the targets that run the scripts of a tree. */
export const checking = [
  'WHAT',
  'BRANCH',
  'EXCLUDE',
  'EXCLUDE_TYPECHECK',
  'EXCLUDE_GODEP',
  'EXCLUDE_READONLY_PACKAGE',
  'SILENT',
  'KUBE_VERBOSE',
  'KUBE_JUNIT_REPORT_DIR',
  'ARTIFACTS',
  'GOFLAGS',
  'GO_VERSION',
  'FORCE_HOST_GO',
  'OUT_DIR',
] as const;

/** Variables of every target that packages. */
export const packaging = [
  'KUBE_BUILD_PLATFORMS',
  'KUBE_BUILD_CONFORMANCE',
  'KUBE_BUILD_HYPERKUBE',
  'KUBE_DOCKER_REGISTRY',
  'KUBE_DOCKER_IMAGE_TAG',
  'SLIPWAY_COMPRESSION',
  'SLIPWAY_SOURCE',
  'SLIPWAY_BUILDER_ID',
  'KUBE_<NAME>_BASE_IMAGE',
  'KUBE_BASE_IMAGE_REGISTRY',
  'SOURCE_DATE_EPOCH',
  'OUT_DIR',
] as const;

/** Variables of every target that asks a container engine. */
export const engine = [
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
export const inside = [...engine, 'KUBE_RSYNC_PORT', 'KUBE_RSYNC_COMPRESS'] as const;

/** Variables of every target that builds what it packages. */
export const shipping = [...new Set<string>([...build, ...packaging])];

/** Variables of every target that builds in containers what it packages. */
export const releasing = [...new Set<string>([...shipping, ...inside])];
