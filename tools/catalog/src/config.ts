/*
 * These types go into the published package as they are, for `import type { Config } from 'slipway'`, so this file imports
 * nothing. That the sets are those of the model is checked where they are read.
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
  /** As a target of a set: its path from the root of the tree, an import path, or an alias. */
  readonly path: string;
  /** The name of its binary. Default: Go's, the last part of the import path that is no major version. */
  readonly name?: string;
  /** Where it is built, of the platforms of its set: `['linux/amd64']`. Default: all of them. */
  readonly platforms?: readonly string[];
  /** Build tags besides those of the tree. Default: none. */
  readonly tags?: readonly string[];
  /** True: without cgo; false: with cgo where the platform has it. Default: as the tree. */
  readonly static?: boolean;
  /** Flags of the linker after those of the tree, as in `-ldflags`: `-X main.flavor=small`. Default: none. */
  readonly ldflags?: string;
  /** Variables Go gets: `{ GOAMD64: 'v3' }`. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A step before the build: a program that makes files which are compiled or packed. */
export interface ConfigBefore {
  /** The program and its words, as on a command line, started at the root of the tree; no shell is involved: `npm run build --prefix web`. */
  readonly run: string;
  /** Files and directories it reads. It runs again when one of them changed; programs and the network are not looked at. */
  readonly inputs: readonly string[];
  /** Files and directories it makes. It runs again when one of them is gone, or another one than it made. */
  readonly outputs: readonly string[];
}

/** An image of a release. */
export interface ConfigImage {
  /** Of the image: `REGISTRY/NAME-ARCH:VERSION`. */
  readonly name: string;
  /** Names of the binaries it holds, in /usr/local/bin. Default: the one that has the image's name. */
  readonly binaries?: readonly string[];
  /** Files and directories of the tree by their place in the image: `{ '/etc/app': 'deploy/app' }`. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** What it starts, and its first words. Default: its first binary. */
  readonly entrypoint?: readonly string[];
  /** As whom it starts. Default: 65532:65532, nobody. */
  readonly user?: string;
  /** Besides those every image has, which say of which commit it is. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What it begins with, as `release.base`. Default: that. */
  readonly base?: string;
}

/** Archives of a release: one, or one for each set or command, on each platform of what they hold. */
export interface ConfigArchive {
  /** In braces stand name (of the release), version, number (the version without v), os, arch, set and command. Default: `{name}-{os}-{arch}`. */
  readonly name?: string;
  /** What has one archive: all of it on a `platform`, each `set`, or each `command`. Default: platform. */
  readonly per?: 'platform' | 'set' | 'command';
  /** Names of the binaries they hold. Default: all but those of the tests. */
  readonly binaries?: readonly string[];
  /** `tar.gz`, `tar.zst` or `zip`. Default: tar.gz, and with SLIPWAY_COMPRESSION=zstd tar.zst. */
  readonly format?: 'tar.gz' | 'tar.zst' | 'zip';
  /** Other formats by the first word of a platform: `{ windows: 'zip' }`. Default: none. */
  readonly formats?: Readonly<Record<string, string>>;
  /** The directory inside, in words as `name` has. Default: none. */
  readonly directory?: string;
  /** Files and directories of the tree beside the binaries. Default: `release.licenses`. */
  readonly files?: readonly string[];
}

/** What a release of the tree holds besides its binaries. Paths are files or directories, from the root of the tree. */
export interface ConfigRelease {
  /** First word of every tarball's name, and the directory inside. Default: the last part of goPackage. */
  readonly name?: string;
  /** First part of the names of images. Default: goPackage's first. */
  readonly registry?: string;
  /** What ships as images: the name of a binary, or more of it. Default: none. */
  readonly images?: readonly (string | ConfigImage)[];
  /** What images begin with: `scratch`, or `oci:DIRECTORY`, an image layout on disk. Default: scratch. */
  readonly base?: string;
  /** In node and server tarballs and the last one. Default: LICENSE and LICENSES, those that are there. */
  readonly licenses?: readonly string[];
  /** In the manifests tarball. Default: none, and no such tarball. */
  readonly manifests?: readonly string[];
  /** Beside test binaries, for every platform. Default: none, and no such tarball. */
  readonly portable?: readonly string[];
  /** In the last tarball. Default: README.md, if it is there. */
  readonly files?: readonly string[];
  /** These instead of the tarballs of sets, of the source and of manifests. Default: those tarballs. */
  readonly archives?: readonly ConfigArchive[];
  /** A file of sha256 sums of the archives, beside SHA256SUMS, in words as names of archives have: `{name}_{number}_checksums.txt`. Default: none. */
  readonly checksums?: string;
}

/** A cluster that speaks the Remote Execution API. */
export interface ConfigRemoteExecution {
  /** `grpc://host:port` (`grpcs` with TLS), several with commas where each is a node that takes what it is given. */
  readonly endpoint: string;
  /** Of all of them, where it is not in the address. Default: none. */
  readonly instance?: string;
  /** Where nodes share contents and results, if not at the first of them: `grpc://host:port`. */
  readonly cache?: string;
  /** What a worker must have: `{ OSFamily: 'linux', pool: 'go' }`. Default: nothing. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Steps it gets at once. Default: two for each address, eight for a single one. */
  readonly jobs?: number;
  /** The go command of the workers, which must be the same Go as here. Default: /usr/local/go/bin/go. */
  readonly go?: string;
  /**
   * A directory of the workers in which Go keeps what it compiled, for whoever runs actions there: a release does not use it. Default:
   * none, and each action compiles all it needs.
   */
  readonly goCache?: string;
}

/** Settings of the tree's own checks, by the names of their scripts without `verify-`. */
export interface ConfigVerify {
  /** Seconds a check may take when it runs: a check that takes longer fails. Default: any time. */
  readonly budget?: Readonly<Record<string, number>>;
  /** Names of slipway's own checks that run: `gofmt`, `yaml`. Default: all that apply to the tree. */
  readonly checks?: readonly string[];
  /**
   * Checks that ask other machines and decide nothing by what they answer, each with the reason: their passes are kept like those of
   * others. Default: none, and what used the network runs again each time.
   */
  readonly keptOnline?: Readonly<Record<string, string>>;
}

/** A test whose failures do not count for a while. */
export interface ConfigQuarantine {
  /** The directory of its package from the root of the tree (`pkg/kubelet`), or an import path. */
  readonly package: string;
  /** `TestName`. Its subtests go with it. */
  readonly test: string;
  /** Why. It is printed with each failure. */
  readonly reason: string;
  /** The last day, in UTC: `2026-12-31`. After it failures count again. */
  readonly until: string;
}

/** Settings of the tests that `slipway test` runs. */
export interface ConfigTests {
  /** Tests whose failures do not count. Default: none. */
  readonly quarantine?: readonly ConfigQuarantine[];
}

/**
 * What `slipway.config.ts` at the root of a tree exports:
 *
 *     import type { Config } from 'slipway';
 *     export default { sets: { server: { targets: ['cmd/apiserver'] } } } satisfies Config;
 *
 * It is read again when it, or a file it imports, changed; it may not depend on the environment, the clock or anything else.
 * Every field is optional; what is left out is found by convention (see layouts.ts).
 */
export interface Config {
  /** Import path of the main module. Default: the module line of the root's go.mod, or of the first module of go.work. */
  readonly goPackage?: string;
  /** The Go version to build with, no other. Default: `.go-version`, else at least what go.work or go.mod says. */
  readonly go?: string;
  /**
   * What is built and shipped together. Default: one set, `client`, with what the tree's Makefile builds when it is asked, under the names,
   * with the tags and with the stamps it gives; without one, every command that is found.
   */
  readonly sets?: ConfigSets;
  /**
   * What is built by default is then without these, and all below them: `['examples', 'cmd/gen-docs']`. They can still be asked for
   * by name. Default: none.
   */
  readonly exclude?: readonly string[];
  /** Settings of single commands: `[{ path: 'operator/cmd/webhook', name: 'operator-webhook' }]`. Default: nothing. */
  readonly targets?: readonly ConfigTarget[];
  /**
   * Names of binaries built without cgo; all others then want a C compiler for each Linux platform. Default: as Go decides, with cgo
   * on the host where there is a C compiler, without it for other platforms.
   */
  readonly static?: readonly string[];
  /**
   * Platforms on which binaries that are not static are built with cgo: `['linux/amd64', 'linux/arm64', 'windows/amd64']`. Default: the
   * Linux ones with a compiler in compilers.ts when `static` is given, else none but the host.
   */
  readonly cgo?: readonly string[];
  /** Import paths of packages whose gitVersion, gitCommit … variables are stamped. Default: those found in the tree. */
  readonly versionPackages?: readonly string[];
  /**
   * Variables the linker sets, each with its package, and what to: `{ 'pkg/version.Version': '{version}' }`. A package is one of the main
   * module or an import path; `main` is each command itself. In braces stand version, major, minor, commit, treeState and
   * date, and as git prints them describe and shortCommit; what else there is, is text. Profile dev leaves out what moves with each commit. Default: none.
   */
  readonly stamps?: Readonly<Record<string, string>>;
  /**
   * What runs before anything compiles, in this order: `[{ run: 'make ui', inputs: ['web/src'], outputs: ['web/static'] }]`. Default:
   * nothing.
   */
  readonly before?: readonly ConfigBefore[];
  /** Other words for a target: `{ ginkgo: 'github.com/onsi/ginkgo/v2/ginkgo' }`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Import paths of commands that KUBE_BUILD_WITH_COVERAGE instruments. Default: none. */
  readonly coverage?: readonly string[];
  /**
   * The directory of a module whose go.mod names the tree's generators: `tool k8s.io/code-generator/cmd/deepcopy-gen`. They make what
   * packages ask for by tags (see generators.ts). Default: none.
   */
  readonly generators?: string;
  /** What `slipway clean` removes besides the output directory, relative to the root. Default: nothing. */
  readonly clean?: readonly string[];
  /** Directories of the tests of `slipway test-integration`, with all below them. Default: test/integration, where there is one. */
  readonly integrationTests?: readonly string[];
  /** The sets those tests run: they are built before, for this machine, and lie in KUBE_TEST_BIN_DIR. Default: none. */
  readonly integrationSets?: readonly (keyof ConfigSets)[];
  /** What is released, and under which names. */
  readonly release?: ConfigRelease;
  /**
   * A cache shared with other machines: `grpc://host:port` (`grpcs` with TLS), and an instance name after a slash where it has one.
   * SLIPWAY_REMOTE_CACHE comes first. Default: none.
   */
  readonly remoteCache?: string;
  /** Public keys (`slipway cache key FILE`) of those who may write what a release reads. Default: nobody. */
  readonly trustedWriters?: readonly string[];
  /** A cluster that builds; --remote comes first. Default: none. */
  readonly remoteExecution?: ConfigRemoteExecution;
  /** Settings of the scripts that `slipway verify` runs. Default: none. */
  readonly verify?: ConfigVerify;
  /** Settings of `slipway test`. Default: none. */
  readonly tests?: ConfigTests;
  /** Build tags of every command; those of GOFLAGS are added. Default: none. */
  readonly tags?: readonly string[];
}
