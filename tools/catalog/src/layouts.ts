import type { StampName } from '@slipway/model';

/**
 * Places in a tree. `conventions` is for a tree without a configuration. `kubernetes` lists facts of trees with a
 * `hack/lib/golang.sh` that slipway cannot ask its scripts for.
 */
export const layouts = {
  conventions: {
    /** Directories of commands: at the root of a module, or one level below (`cloud/cmd`, `operator/cmd`). */
    commandsDirectory: 'cmd',
    /** `cmd/a` is 1, `cmd/a/b` 2. */
    commandDepth: 3,
    /** The modules that are published from this tree: `staging/src/k8s.io/api`, `staging/src/github.com/org/lib`. */
    stagingDirectory: 'staging/src',
    stagingDepth: 3,
    /** Directories whose commands only maintain the tree, or are not commands. */
    upkeepDirectories: [
      'build',
      'contrib',
      'doc',
      'docs',
      'example',
      'examples',
      'hack',
      'staging',
      'test',
      'testdata',
      'tests',
      'third_party',
      'tools',
      'vendor',
    ],
    /** Directories with version variables to stamp. A directory counts if it has a `gitVersion`. */
    versionDirectories: ['version', 'pkg/version', 'pkg/util/version', 'internal/version'],
    /** Tests of several components together. */
    integrationDirectory: 'test/integration',
    /** Platforms of `cross`. */
    platforms: ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'],
    describeArgs: ['--tags', '--abbrev=14'],
    /** Git pattern of version tags. */
    tags: 'v[0-9]*.[0-9]*.[0-9]*',
    cleanPaths: [],
  },
  kubernetes: {
    /** Paths that its `make clean` removes besides the output directory. */
    cleanPaths: ['_tmp', 'doc_tmp', 'test/e2e/generated/bindata.go'],
  },
} as const;

/** Placeholders in a text of `stamps`, with their values. */
export const stampWords = {
  '{version}': 'gitVersion',
  '{major}': 'gitMajor',
  '{minor}': 'gitMinor',
  '{commit}': 'gitCommit',
  '{shortCommit}': 'gitShortCommit',
  '{describe}': 'gitDescribe',
  '{treeState}': 'gitTreeState',
  '{date}': 'buildDate',
  '{number}': 'gitNumber',
  '{branch}': 'gitBranch',
  '{goVersion}': 'goVersion',
} as const satisfies Readonly<Record<string, StampName>>;

/** Placeholders in the names of archives. */
export const archiveWords = ['name', 'version', 'number', 'os', 'arch', 'set', 'command'] as const;

/** The variables a version package may have, in the order Kubernetes stamps them. */
export const stampNames = [
  'buildDate',
  'gitCommit',
  'gitTreeState',
  'gitVersion',
  'gitMajor',
  'gitMinor',
  'gitShortCommit',
] as const satisfies readonly StampName[];
