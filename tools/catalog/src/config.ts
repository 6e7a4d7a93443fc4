/**
 * These types are published unchanged, for `import type { Config } from 'slipway'`, so this file has no imports. The
 * code that reads the sets checks that they match the model.
 */

/** Lists of commands that ship together. */
export interface ConfigSets {
  readonly server?: ConfigSet;
  readonly node?: ConfigSet;
  readonly client?: ConfigSet;
  readonly test?: ConfigSet;
  readonly 'test-server'?: ConfigSet;
}

/** A list of commands with the platforms they are built for by `slipway cross`. */
export interface ConfigSet {
  /** Paths from the root of the tree (`cmd/kubectl`, `test/e2e/e2e.test`), import paths, or aliases. */
  readonly targets: readonly string[];
  /** `os/arch` in Go's spelling. Without it: the platforms conventions give. */
  readonly platforms?: readonly string[];
}

/** The settings of one command, wherever it is listed. */
export interface ConfigTarget {
  /** Its path from the root of the tree, an import path, or an alias; as a target of a set. */
  readonly path: string;
  /** The name of its binary. Default: Go's, the last part of the import path that is not a major version. */
  readonly name?: string;
  /** Some of the platforms of its set: `['linux/amd64']`. Default: all of them. */
  readonly platforms?: readonly string[];
  /** Build tags besides those of the tree. Default: none. */
  readonly tags?: readonly string[];
  /** True: without cgo; false: with cgo where the platform has it. Default: the tree's setting. */
  readonly static?: boolean;
  /** Linker flags after those of the tree, as in `-ldflags`: `-X main.flavor=small`. Default: none. */
  readonly ldflags?: string;
  /** Variables for Go: `{ GOAMD64: 'v3' }`. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A step before the build: a program that makes files for the compiler or for a release. */
export interface ConfigBefore {
  /**
   * The program and its arguments, as on a command line. It starts at the root of the tree, without a shell: `npm run
   * build --prefix web`.
   */
  readonly run: string;
  /**
   * Files and directories it reads. It runs again when one of them changed. Slipway does not check programs and the
   * network.
   */
  readonly inputs: readonly string[];
  /** Files and directories it makes. It runs again when one of them is missing or was changed. */
  readonly outputs: readonly string[];
}

/** An image of a release. */
export interface ConfigImage {
  /** The last part of the image's name: `REGISTRY/NAME-ARCH:VERSION`. */
  readonly name: string;
  /** Names of the binaries in the image's /usr/local/bin. Default: the one with the image's name. */
  readonly binaries?: readonly string[];
  /** Files and directories of the tree by their path in the image: `{ '/etc/app': 'deploy/app' }`. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** The program to start, and its first arguments. Default: the first binary. */
  readonly entrypoint?: readonly string[];
  /** The user it runs as. Default: 65532:65532, nobody. */
  readonly user?: string;
  /** Labels besides those of every image, which name its commit. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The base image, as `release.base`. Default: `release.base`. */
  readonly base?: string;
}

/** Archives of a release: one for each platform, or one for each set or command on each platform. */
export interface ConfigArchive {
  /**
   * The file name without its extension. Placeholders in braces: name (of the release), version, number (the version
   * without v), os, arch, set and command. Default: `{name}-{os}-{arch}`.
   */
  readonly name?: string;
  /** Make one archive for each `platform`, each `set`, or each `command`. Default: platform. */
  readonly per?: 'platform' | 'set' | 'command';
  /** Names of the binaries in the archives. Default: all but those of the tests. */
  readonly binaries?: readonly string[];
  /** `tar.gz`, `tar.zst` or `zip`. Default: tar.gz, and with SLIPWAY_COMPRESSION=zstd tar.zst. */
  readonly format?: 'tar.gz' | 'tar.zst' | 'zip';
  /** Other formats by operating system: `{ windows: 'zip' }`. Default: none. */
  readonly formats?: Readonly<Record<string, string>>;
  /** The directory inside, with placeholders as in `name`. Default: none. */
  readonly directory?: string;
  /** Files and directories of the tree beside the binaries. Default: `release.licenses`. */
  readonly files?: readonly string[];
}

/** The content of a release besides its binaries. Paths are files or directories, from the root of the tree. */
export interface ConfigRelease {
  /** The first word of every tarball's name, and the directory inside. Default: the last part of goPackage. */
  readonly name?: string;
  /** The first part of image names. Default: goPackage's first part. */
  readonly registry?: string;
  /** Images: the name of a binary, or an object with more settings. Default: none. */
  readonly images?: readonly (string | ConfigImage)[];
  /** The base image: `scratch`, or `oci:DIRECTORY`, an image layout on disk. Default: scratch. */
  readonly base?: string;
  /** Files in the node and server tarballs and the last one. Default: LICENSE and LICENSES, if they exist. */
  readonly licenses?: readonly string[];
  /** Files in the manifests tarball. Default: none, and no such tarball. */
  readonly manifests?: readonly string[];
  /** Files beside the test binaries, for every platform. Default: none, and no such tarball. */
  readonly portable?: readonly string[];
  /** Files in the last tarball. Default: README.md, if it exists. */
  readonly files?: readonly string[];
  /** Archives that replace the tarballs of sets, of the source and of manifests. Default: those tarballs. */
  readonly archives?: readonly ConfigArchive[];
  /**
   * A file with sha256 sums of the archives, beside SHA256SUMS. Placeholders are those of archives:
   * `{name}_{number}_checksums.txt`. Default: none.
   */
  readonly checksums?: string;
}

/** A cluster that speaks the Remote Execution API. */
export interface ConfigRemoteExecution {
  /**
   * `grpc://host:port` (`grpcs` with TLS). Several addresses, separated by commas, are nodes that execute what they
   * receive.
   */
  readonly endpoint: string;
  /** The instance name of all addresses without their own. Default: none. */
  readonly instance?: string;
  /** The server where nodes share files and results: `grpc://host:port`. Default: the first node. */
  readonly cache?: string;
  /** Properties of a worker: `{ OSFamily: 'linux', pool: 'go' }`. Default: none. */
  readonly properties?: Readonly<Record<string, string>>;
  /** The number of steps sent at once. Default: two for each address, eight for a single one. */
  readonly jobs?: number;
  /** The go command of the workers, the same Go version as here. Default: /usr/local/go/bin/go. */
  readonly go?: string;
  /**
   * A directory of the workers where Go keeps its build cache, for everybody who runs actions there; a release does not
   * use it. Default: none, and each action compiles everything it needs.
   */
  readonly goCache?: string;
}

/** Settings of the tree's own checks, by script name without `verify-`. */
export interface ConfigVerify {
  /** Time limits in seconds. A check that takes longer fails. Default: none. */
  readonly budget?: Readonly<Record<string, number>>;
  /** Names of slipway's own checks to run: `gofmt`, `yaml`. Default: all that apply to the tree. */
  readonly checks?: readonly string[];
  /**
   * Checks that use the network although no answer affects their result, each with the reason. Slipway keeps their
   * passes like those of other checks. Default: none; a check that used the network runs again each time.
   */
  readonly keptOnline?: Readonly<Record<string, string>>;
}

/** A test whose failures do not count for a while. */
export interface ConfigQuarantine {
  /** The directory of its package from the root of the tree (`pkg/kubelet`), or an import path. */
  readonly package: string;
  /** `TestName`, which includes its subtests. */
  readonly test: string;
  /** The reason. It is printed with each failure. */
  readonly reason: string;
  /** The last day, in UTC: `2026-12-31`. Later failures count again. */
  readonly until: string;
}

/** Settings of the tests that `slipway test` runs. */
export interface ConfigTests {
  /** Tests whose failures do not count. Default: none. */
  readonly quarantine?: readonly ConfigQuarantine[];
}

/**
 * The default export of `slipway.config.ts` at the root of a tree:
 *
 *     import type { Config } from 'slipway';
 *     export default { sets: { server: { targets: ['cmd/apiserver'] } } } satisfies Config;
 *
 * Slipway reads it again when the file or one of its imports changed. It must not depend on the environment, the clock
 * or anything else. Every field is optional; conventions apply to missing ones (see layouts.ts).
 */
export interface Config {
  /** Import path of the main module. Default: the module line of the root's go.mod, or of the first module of go.work. */
  readonly goPackage?: string;
  /** The exact Go version to build with. Default: `.go-version`, else at least the version in go.work or go.mod. */
  readonly go?: string;
  /**
   * Commands that are built and shipped together. Default: one set, `client`. Its commands are those that the tree's
   * Makefile builds, with the Makefile's names, tags and stamps; without a Makefile, all commands that are found.
   */
  readonly sets?: ConfigSets;
  /**
   * Directories that the default build leaves out, with everything below: `['examples', 'cmd/gen-docs']`. Their
   * commands can still be named. Default: none.
   */
  readonly exclude?: readonly string[];
  /** Settings of single commands: `[{ path: 'operator/cmd/webhook', name: 'operator-webhook' }]`. Default: none. */
  readonly targets?: readonly ConfigTarget[];
  /**
   * Names of binaries built without cgo. All others then need a C compiler for each Linux platform. Default: Go's
   * choice, which is cgo on the host if there is a C compiler, and no cgo for other platforms.
   */
  readonly static?: readonly string[];
  /**
   * Platforms on which non-static binaries are built with cgo: `['linux/amd64', 'linux/arm64', 'windows/amd64']`.
   * Default: with `static`, the Linux platforms with a compiler in compilers.ts; else only the host.
   */
  readonly cgo?: readonly string[];
  /**
   * Import paths of packages whose variables gitVersion, gitCommit and so on are stamped. Default: those found in the
   * tree.
   */
  readonly versionPackages?: readonly string[];
  /**
   * Variables that the linker sets, with their values: `{ 'pkg/version.Version': '{version}' }`. A package is a directory of
   * the main module or an import path; `main` means each command. Words in braces: version, number (the version without
   * v), major, minor, commit, treeState, date, goVersion; describe, shortCommit and branch as git prints them. All other
   * text stays as it is. Profile dev omits stamps that change with each commit. Default: none.
   */
  readonly stamps?: Readonly<Record<string, string>>;
  /**
   * Steps before the first compilation, in this order: `[{ run: 'make ui', inputs: ['web/src'], outputs: ['web/static']
   * }]`. Default: none.
   */
  readonly before?: readonly ConfigBefore[];
  /** Aliases of targets: `{ ginkgo: 'github.com/onsi/ginkgo/v2/ginkgo' }`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Import paths of commands that KUBE_BUILD_WITH_COVERAGE instruments. Default: none. */
  readonly coverage?: readonly string[];
  /**
   * The directory of a module whose go.mod names the tree's generators: `tool k8s.io/code-generator/cmd/deepcopy-gen`.
   * They generate the files that packages ask for by tags (see generators.ts). Default: none.
   */
  readonly generators?: string;
  /** Paths that `slipway clean` removes besides the output directory, relative to the root. Default: none. */
  readonly clean?: readonly string[];
  /**
   * Directories of the tests of `slipway test-integration`, with everything below. Default: test/integration, if it
   * exists.
   */
  readonly integrationTests?: readonly string[];
  /**
   * Sets whose commands those tests run. Slipway builds them first, for this machine; KUBE_TEST_BIN_DIR names their
   * directory. Default: none.
   */
  readonly integrationSets?: readonly (keyof ConfigSets)[];
  /** Settings of releases. */
  readonly release?: ConfigRelease;
  /**
   * A cache shared with other machines: `grpc://host:port` (`grpcs` with TLS), with an optional instance name after a
   * slash. SLIPWAY_REMOTE_CACHE overrides it. Default: none.
   */
  readonly remoteCache?: string;
  /** Public keys (`slipway cache key FILE`) of the writers whose results a release may use. Default: none. */
  readonly trustedWriters?: readonly string[];
  /** A cluster that builds; --remote overrides it. Default: none. */
  readonly remoteExecution?: ConfigRemoteExecution;
  /** Settings of the scripts that `slipway verify` runs. Default: none. */
  readonly verify?: ConfigVerify;
  /** Settings of `slipway test`. Default: none. */
  readonly tests?: ConfigTests;
  /** Build tags of every command; those of GOFLAGS are added. Default: none. */
  readonly tags?: readonly string[];
}
