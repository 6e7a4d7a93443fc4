import type { StampName } from '@slipway/model';

/**
 * Where trees keep things. `conventions` is for a tree nobody configured; `kubernetes` names what a tree with a
 * `hack/lib/golang.sh` has that its scripts cannot be asked for.
 */
export const layouts = {
  conventions: {
    /** Directories that hold commands: at the root of a module, or one level below (`cloud/cmd`, `operator/cmd`). */
    commandsDirectory: 'cmd',
    /** `cmd/a` is 1, `cmd/a/b` 2. */
    commandDepth: 3,
    /** Modules that are published elsewhere live here: `staging/src/k8s.io/api`, `staging/src/github.com/org/lib`. */
    stagingDirectory: 'staging/src',
    stagingDepth: 3,
    /** Directories whose commands are for the tree's own upkeep, or no commands at all. */
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
    /** Where a module keeps the variables a version is stamped into; each counts when it has a `gitVersion`. */
    versionDirectories: ['version', 'pkg/version', 'pkg/util/version', 'internal/version'],
    /** Tests of several components together. */
    integrationDirectory: 'test/integration',
    /** Platforms of `cross`. */
    platforms: ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'],
    describeArgs: ['--tags', '--abbrev=14'],
    /** Names of tags that are versions, as git matches them. */
    tags: 'v[0-9]*.[0-9]*.[0-9]*',
    cleanPaths: [],
  },
  kubernetes: {
    /** Removed by its `make clean` besides the output directory. */
    cleanPaths: ['_tmp', 'doc_tmp', 'test/e2e/generated/bindata.go'],
  },
} as const;

/** What stands in braces in a text of `stamps`, and the value it is. */
export const stampWords = {
  '{version}': 'gitVersion',
  '{major}': 'gitMajor',
  '{minor}': 'gitMinor',
  '{commit}': 'gitCommit',
  '{shortCommit}': 'gitShortCommit',
  '{describe}': 'gitDescribe',
  '{treeState}': 'gitTreeState',
  '{date}': 'buildDate',
} as const satisfies Readonly<Record<string, StampName>>;

/** What stands in braces in the names of archives. */
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
