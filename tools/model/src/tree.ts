import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import type { PlanNote } from './plan.ts';
import type { Platform } from './platform.ts';
import type { ReleaseSettings } from './shipping.ts';
import type { Quarantined } from './testing.ts';

export type SetName = 'server' | 'node' | 'client' | 'test' | 'test-server';

/** A list of commands that are built and shipped together, with the platforms they are supported on. */
export interface CommandSet {
  readonly targets: readonly string[];
  readonly platforms: readonly Platform[];
}

/** Where the knowledge about a tree comes from; the first that is found wins. */
export type TreeSource = 'slipway.config.ts' | 'hack/lib/golang.sh' | 'conventions';

/** How Go finds packages: one main module, a go.work, or GOPATH with vendored packages. */
export type ModuleMode = 'module' | 'workspace' | 'gopath';

export interface GoModule {
  readonly path: string;
  /** Relative to the root of the tree; `.` is the root. */
  readonly dir: string;
  /** Go is started in it: at the root it would be another module's dependency, or nobody's. */
  readonly apart?: true;
  /** What its ignore lines name: directories Go's patterns pass over. */
  readonly ignore?: readonly string[];
}

/** The Go version a tree wants: that one and no other (`.go-version`), or at least that one (a go.mod's go line). */
export interface GoRequirement {
  readonly version: string;
  readonly exact: boolean;
  /** The file or variable that says so. */
  readonly from: string;
  /** The oldest that scripts of the tree work with, whatever a user has set. */
  readonly minimum?: string;
}

/**
 * What the tree's own scripts pass to Go for one linkage: everything between `go` and the packages, with the
 * placeholders below for what is only known later.
 */
export interface GoInvocation {
  /** e.g. `['install', '-installsuffix=static', '-gcflags=all=-trimpath=@CWD@ ', '-ldflags=all=@STAMPS@ -s -w', …]`. */
  readonly argv: readonly string[];
  readonly env: Environment;
}

/** The directory Go runs in, as the scripts see it (a path through `_output/local/go/src` in a GOPATH-era tree). */
export const CWD = '@CWD@';
/** The `-X` linker flags. */
export const STAMPS = '@STAMPS@';

/** Values for the linker's `-X`; each name is a placeholder `@NAME@` in the template. */
export type StampName =
  | 'buildDate'
  | 'gitCommit'
  | 'gitShortCommit'
  | 'gitTreeState'
  | 'gitVersion'
  | 'gitDescribe'
  | 'gitMajor'
  | 'gitMinor';

/** One `-X` flag as it is passed, e.g. `-X 'k8s.io/component-base/version.gitVersion=@gitVersion@'`. */
export interface StampFlag {
  /** The value it stands and falls with; `text` for one that is always the same, `asked` for one that the Makefile says. */
  readonly name: StampName | 'text' | 'asked';
  /** With `@gitVersion@` and the like for values, and `@asked:VARIABLE@`. */
  readonly flag: string;
}

/** A Makefile that was asked, with what it sees of the tree. */
export interface AskedMakefile {
  /** `make build` */
  readonly asked: string;
  readonly goal: string;
  readonly copied: Copied;
}

/** What make sees of a tree: what decides its answer is here, and nothing else does. All relative to the root. */
export interface Copied {
  /** The Makefile that is asked. */
  readonly file: string;
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** Other files beside modules and commands, which are there by their names alone. */
  readonly empty: readonly string[];
}

/** What `git archive` wrote into a version script (`export-subst`); overrides git and the environment. */
export interface ArchiveVersion {
  readonly commit: string;
  readonly version?: string;
}

/** Everything known about a tree before anybody says what to build. */
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
  /** Go takes packages from vendor/ without being told to. */
  readonly vendorByDefault: boolean;
  readonly go: GoRequirement | undefined;
  readonly sets: Readonly<Record<SetName, CommandSet>>;
  /** All targets of the sets, and one per directory in `cmd/` (a library-only directory too), resolved. */
  readonly commands: readonly Command[];
  /** What is not built though it is there, and why: said where everything is built. */
  readonly leftOut?: readonly PlanNote[];
  /** What `all` builds, in the tree's order. */
  readonly allTargets: readonly string[];
  /** Other words for a target: `ginkgo` → `github.com/onsi/ginkgo/v2/ginkgo`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Names of binaries that are built without cgo. */
  readonly staticNames: readonly string[];
  /** Import paths that KUBE_BUILD_WITH_COVERAGE instruments. */
  readonly coveragePackages: readonly string[];
  readonly invocations: Readonly<Record<'static' | 'cgo' | 'test', GoInvocation>>;
  /** CC and CGO_ENABLED per platform, as the scripts set them. */
  readonly platformEnvironments: Readonly<Record<string, Environment>>;
  /** Where its own files say that it is built without cgo: `Makefile:12`. */
  readonly withoutCgo?: string;
  /** Nobody says how its commands are linked: those of a release are then linked alike on all platforms, without cgo. */
  readonly linkedAlike?: true;
  /** Whether Go is run in `<output>/go/src/<goPackage>`, a link to the root (true for golang.sh trees). */
  readonly fakeGopath: boolean;
  readonly stamps: readonly StampFlag[];
  /** The Makefiles that said how it is built, which are asked again for what is stamped. */
  readonly makefiles?: readonly AskedMakefile[];
  /** Why a Makefile that is there was not asked: names, flags and stamps may be others than its own. */
  readonly unasked?: string;
  /** Arguments of `git describe` before the commit, e.g. `['--tags', '--match=v*', '--abbrev=14']`. */
  readonly describeArgs: readonly string[];
  readonly archive: ArchiveVersion | undefined;
  /** What `test-integration` tests, and what it builds before. */
  readonly integration: {
    /** Directories relative to the root, with what is below them. */
    readonly packages: readonly string[];
    readonly sets: readonly SetName[];
  };
  /** Undefined: the tree's own scripts are asked. */
  readonly release: ReleaseSettings | undefined;
  /** The module, relative to the root, whose `tool` lines are the generators of this tree. */
  readonly generatorsDir: string | undefined;
  /** Whether its scripts make generated files before they build: some of them are not in the repository. */
  readonly makesGenerated: boolean;
  /** What runs before anything compiles. */
  readonly before?: readonly BeforeSettings[];
  /** What `clean` removes besides the output directory, relative to the root. */
  readonly cleanPaths: readonly string[];
  /** Tests whose failures do not count for a while. */
  readonly quarantine?: readonly Quarantined[];
  /** What the tree says of single checks, by their names. */
  readonly checks?: {
    /** Why a pass is kept although the network was used. */
    readonly keptOnline: Readonly<Record<string, string>>;
    /** Seconds a check may take. */
    readonly budget: Readonly<Record<string, number>>;
    /** Names of our own checks that run; undefined: those that apply. */
    readonly own: readonly string[] | undefined;
  };
  /** What the tree says of a cluster that builds. */
  readonly remoteExecution?: RemoteExecutionSettings | undefined;
  /** What the tree says of a cache shared with other machines. */
  readonly remoteCache?: { readonly url: string | undefined; readonly trusted: readonly string[] };
}

/** A program that makes files of the tree; paths are relative to the root. */
export interface BeforeSettings {
  readonly argv: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** As `remoteExecution` of a configuration has it. */
export interface RemoteExecutionSettings {
  readonly endpoint: string;
  readonly instance?: string;
  readonly cache?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly jobs?: number;
  readonly go?: string;
  readonly goCache?: string;
}
