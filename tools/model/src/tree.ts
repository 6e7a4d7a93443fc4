import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import type { PlanNote } from './plan.ts';
import type { Platform } from './platform.ts';
import type { ReleaseSettings } from './shipping.ts';
import type { Quarantined } from './testing.ts';

export type SetName = 'server' | 'node' | 'client' | 'test' | 'test-server';

/** A list of commands that are built and shipped together, with their platforms. */
export interface CommandSet {
  readonly targets: readonly string[];
  readonly platforms: readonly Platform[];
}

/** Sources of a tree's settings. The first that exists wins. */
export type TreeSource = 'slipway.config.ts' | 'hack/lib/golang.sh' | 'conventions';

/** How Go finds packages: one main module, a go.work, or GOPATH with vendored packages. */
export type ModuleMode = 'module' | 'workspace' | 'gopath';

export interface GoModule {
  readonly path: string;
  /** Relative to the root of the tree; `.` is the root. */
  readonly dir: string;
  /** Go must start in it. From the root it would be another module's dependency, or belong to no module. */
  readonly apart?: true;
  /** Directories in go.mod's ignore lines, which Go's patterns skip. */
  readonly ignore?: readonly string[];
}

/** The Go version of a tree: exactly that one (`.go-version`), or that one and newer (the go line of go.mod). */
export interface GoRequirement {
  readonly version: string;
  readonly exact: boolean;
  /** The file or variable with the requirement. */
  readonly from: string;
  /** The oldest version that the tree's scripts accept, regardless of the user's setting. */
  readonly minimum?: string;
}

/**
 * The arguments that the tree's own scripts pass to Go for one linkage: everything between `go` and the packages.
 * Placeholders stand for values that are known later.
 */
export interface GoInvocation {
  /** e.g. `['install', '-installsuffix=static', '-gcflags=all=-trimpath=@CWD@ ', '-ldflags=all=@STAMPS@ -s -w', …]`. */
  readonly argv: readonly string[];
  readonly env: Environment;
}

/**
 * The directory in which Go runs, as the scripts see it (a path through `_output/local/go/src` in a GOPATH-era tree).
 */
export const CWD = '@CWD@';
/** The `-X` linker flags. */
export const STAMPS = '@STAMPS@';

/** Values for the linker's `-X`. Each name is a placeholder `@NAME@` in the template. */
export type StampName =
  | 'buildDate'
  | 'gitCommit'
  | 'gitShortCommit'
  | 'gitTreeState'
  | 'gitVersion'
  | 'gitDescribe'
  | 'gitMajor'
  | 'gitMinor'
  | 'gitNumber'
  | 'gitBranch'
  | 'goVersion';

/** One `-X` flag, e.g. `-X 'k8s.io/component-base/version.gitVersion=@gitVersion@'`. */
export interface StampFlag {
  /** The value that it depends on; `text` for a constant, `asked` for a value of the Makefile. */
  readonly name: StampName | 'text' | 'asked';
  /** With placeholders: `@gitVersion@` and others, and `@asked:VARIABLE@`. */
  readonly flag: string;
}

/** A Makefile whose settings slipway reads by running make, with the files that make sees. */
export interface AskedMakefile {
  /** `make build` */
  readonly asked: string;
  readonly goal: string;
  readonly copied: Copied;
}

/** The files of a tree that make sees. Only they affect its answer. All paths are relative to the root. */
export interface Copied {
  /** The Makefile. */
  readonly file: string;
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** Other files beside modules and commands. Make sees them as empty files. */
  readonly empty: readonly string[];
}

/** Values that `git archive` wrote into a version script (`export-subst`). They override git and the environment. */
export interface ArchiveVersion {
  readonly commit: string;
  readonly version?: string;
}

/** Everything known about a tree before a request. */
export interface Tree {
  /** Absolute, symbolic links resolved. */
  readonly root: string;
  readonly source: TreeSource;
  /** Import path of the main module, or of the tree in GOPATH mode: `k8s.io/kubernetes`. */
  readonly goPackage: string;
  readonly moduleMode: ModuleMode;
  readonly modules: readonly GoModule[];
  /** The go.work in use, absolute. */
  readonly workFile: string | undefined;
  readonly vendored: boolean;
  /** Go uses vendor/ by default. */
  readonly vendorByDefault: boolean;
  readonly go: GoRequirement | undefined;
  readonly sets: Readonly<Record<SetName, CommandSet>>;
  /** All targets of the sets, and one for each directory in `cmd/` (library directories too), resolved. */
  readonly commands: readonly Command[];
  /** Commands that exist and are not built, with the reason. Slipway prints it when it builds everything. */
  readonly leftOut?: readonly PlanNote[];
  /** What `all` builds, in the tree's order. */
  readonly allTargets: readonly string[];
  /** Aliases of a target: `ginkgo` → `github.com/onsi/ginkgo/v2/ginkgo`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Names of binaries without cgo. */
  readonly staticNames: readonly string[];
  /** Import paths that KUBE_BUILD_WITH_COVERAGE instruments. */
  readonly coveragePackages: readonly string[];
  readonly invocations: Readonly<Record<'static' | 'cgo' | 'test', GoInvocation>>;
  /** CC and CGO_ENABLED per platform, as the scripts set them. */
  readonly platformEnvironments: Readonly<Record<string, Environment>>;
  /** The file and line of the tree that turn cgo off: `Makefile:12`. */
  readonly withoutCgo?: string;
  /** The tree does not state how to link. The commands of a release are then linked without cgo on all platforms. */
  readonly linkedAlike?: true;
  /** Go runs in `<output>/go/src/<goPackage>`, a link to the root (golang.sh trees). */
  readonly fakeGopath: boolean;
  readonly stamps: readonly StampFlag[];
  /** The Makefiles that describe the build. Slipway asks them again for stamps. */
  readonly makefiles?: readonly AskedMakefile[];
  /** A sentence for each file of another tool: `.goreleaser.yaml says …`. */
  readonly told?: readonly string[];
  /** Why a Makefile that is there was not asked: names, flags and stamps may be others than its own. */
  readonly unasked?: string;
  /** It gave no answer in time: the next run asks again, although nothing changed. */
  readonly late?: true;
  /** Arguments of `git describe` before the commit, e.g. `['--tags', '--match=v*', '--abbrev=14']`. */
  readonly describeArgs: readonly string[];
  readonly archive: ArchiveVersion | undefined;
  /** The packages of `test-integration`, and the commands it needs. */
  readonly integration: {
    /** Directories relative to the root, with all directories below. */
    readonly packages: readonly string[];
    readonly sets: readonly SetName[];
  };
  /** Undefined: slipway reads the tree's own scripts. */
  readonly release: ReleaseSettings | undefined;
  /** The module with the `tool` lines of this tree's generators, relative to the root. */
  readonly generatorsDir: string | undefined;
  /** The tree's scripts generate files before they build. Some of these files are not in the repository. */
  readonly makesGenerated: boolean;
  /** Steps before the first compilation. */
  readonly before?: readonly BeforeSettings[];
  /** Paths that `clean` removes besides the output directory, relative to the root. */
  readonly cleanPaths: readonly string[];
  /** Tests whose failures do not count for a while. */
  readonly quarantine?: readonly Quarantined[];
  /** The tree's settings for single checks, by name. */
  readonly checks?: {
    /** Why a pass is kept although the check used the network. */
    readonly keptOnline: Readonly<Record<string, string>>;
    /** Seconds a check may take. */
    readonly budget: Readonly<Record<string, number>>;
    /** Names of slipway's own checks to run; undefined: all that apply. */
    readonly own: readonly string[] | undefined;
  };
  /** The tree's settings for remote execution. */
  readonly remoteExecution?: RemoteExecutionSettings | undefined;
  /** The tree's settings for a cache shared with other machines. */
  readonly remoteCache?: { readonly url: string | undefined; readonly trusted: readonly string[] };
}

/** A program that generates files of the tree. Paths are relative to the root. */
export interface BeforeSettings {
  readonly argv: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The `remoteExecution` of a configuration. */
export interface RemoteExecutionSettings {
  readonly endpoint: string;
  readonly instance?: string;
  readonly cache?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly jobs?: number;
  readonly go?: string;
  readonly goCache?: string;
}
