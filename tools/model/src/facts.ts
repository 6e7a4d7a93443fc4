import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import type { GenerationFacts } from './generation.ts';
import type { Platform } from './platform.ts';
import type { ShippingFacts } from './shipping.ts';
import type { Tree } from './tree.ts';

/** Answers of git. A field is absent without git, without a repository, or without an answer. */
export interface GitFacts {
  readonly commit?: string;
  /** Output of `git rev-parse --short`. */
  readonly shortCommit?: string;
  /** Seconds since the epoch of the commit. */
  readonly commitTime?: number;
  /** `git status --porcelain` prints nothing. Untracked files count as changes. */
  readonly clean?: boolean;
  /** As `git rev-parse --abbrev-ref` has it: HEAD where none is checked out. Known where the status is. */
  readonly branch?: string;
  /** `git describe` with the tree's own arguments. */
  readonly describe?: string;
  /** `git describe --abbrev=0`. */
  readonly nearestTag?: string;
  /** `nearestTag` cannot change while these files are unchanged. */
  readonly tagState?: string;
  /** The clone is shallow and contains no tag. */
  readonly shallow: boolean;
  /** False when there is no git on PATH. */
  readonly installed?: false;
}

export interface GoToolchain {
  /** Absolute path of the `go` command. */
  readonly command: string;
  readonly goroot: string;
  /** `1.21.7`. */
  readonly version: string;
  /** Not downloaded yet. A run downloads it to this path first. Only a dry run sees such a toolchain. */
  readonly absent?: true;
  /** The version that the tree asks for, if a user's setting overrides it. */
  readonly instead?: { readonly version: string; readonly from: string; readonly by: string };
}

export interface Machine {
  readonly platform: Platform;
  readonly cores: number;
  /** Bytes available without swapping: the smaller of the cgroup limit and MemAvailable. */
  readonly availableMemory: number;
  /** Seconds since the epoch at the time of reading. */
  readonly now: number;
}

/** The lookup of one word of WHAT: its command, or nothing. */
export interface ResolvedWord {
  readonly word: string;
  readonly commands: readonly Command[];
}

/** A package with tests, and the directory in which Go is started for it. */
export interface TestPackage {
  readonly importPath: string;
  /** Relative to the root. */
  readonly dir: string;
  readonly moduleDir: string;
}

/** The packages to test. */
export interface TestFacts {
  /** Sorted by path, without duplicates. */
  readonly packages: readonly TestPackage[];
  /** Words that match no package, each with the nearest directory that exists. */
  readonly unknown: readonly { readonly word: string; readonly nearest: string | undefined }[];
  /** Selected directories without tests. */
  readonly untested: readonly string[];
  /** The part of the user's environment that tests see because the user asked for it. */
  readonly environment: Environment;
  /** How the tree's own test script calls Go; undefined without such a script. */
  readonly script: { readonly flags: readonly string[]; readonly environment: Environment } | undefined;
}

export type CheckKind = 'verify' | 'update';

/** A script of the tree, found by its name: `hack/verify-NAME.sh`. */
export interface CheckScript {
  readonly name: string;
  /** Relative to the root. */
  readonly path: string;
  /** Absolute path of the program that runs it. */
  readonly program: string;
  /**
   * For slipway's own checks, which are not files of the tree. Then `path` is absolute, and the check receives its
   * facts as JSON.
   */
  readonly own?: { readonly words: readonly string[]; readonly facts: string };
}

export interface CheckFacts {
  /** The selected scripts, in order. */
  readonly scripts: readonly CheckScript[];
  /** Names of the scripts that fix what a check finds. */
  readonly updates: readonly string[];
  /** Scripts that exist and were not selected. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** Words that match no script. */
  readonly unknown: readonly { readonly word: string; readonly nearest: string | undefined }[];
  readonly view: 'overlay' | 'copy';
  /**
   * Undefined where slipway can observe what a script reads. Else the reason, and all files of the tree, each of which
   * then affects the result.
   */
  readonly untraced: { readonly why: string; readonly files: readonly string[] } | undefined;
}

/** All facts, read once. Planning uses nothing else. */
export interface Facts {
  readonly tree: Tree;
  readonly git: GitFacts;
  /** The stamps of the tree's Makefile, by variable; undefined for a tree whose Makefile is not asked. */
  readonly asked?: Readonly<Record<string, string>> | undefined;
  readonly machine: Machine;
  readonly toolchain: GoToolchain;
  /** Platforms this toolchain can build for. */
  readonly goPlatforms: readonly Platform[];
  /** The inherited variables that are set and on the allow-list. */
  readonly environment: Environment;
  /** The words of WHAT that do not begin with a dash. */
  readonly words: readonly ResolvedWord[];
  /**
   * Paths of the C compilers that the tree names for platforms, by command (`aarch64-linux-gnu-gcc`). Missing compilers
   * are left out.
   */
  readonly compilers: Readonly<Record<string, string>>;
  /** The C compiler that Go uses on this machine: CC's, else gcc or clang; undefined when missing. */
  readonly hostCompiler: string | undefined;
  /** The C++ compiler that Go uses: CXX's, else g++ or clang++; undefined when missing. */
  readonly hostCxxCompiler: string | undefined;
  /** Absolute path of a directory of this user outside the tree, for Go's intermediate files. */
  readonly goScratch: string;
  /** Variables of the file that KUBE_GIT_VERSION_FILE names. */
  readonly versionFile: Environment | undefined;
  /** Only for targets that package. */
  readonly shipping: ShippingFacts | undefined;
  /** Only for targets that generate; also undefined in a tree without known generators. */
  readonly generation: GenerationFacts | undefined;
  /** For each step before the build, the files that it reads; in the tree's order. */
  readonly before?: readonly (readonly string[])[];
  /** Only for targets that test. */
  readonly tests: TestFacts | undefined;
  /** Only for targets that verify or update. */
  readonly checks?: CheckFacts | undefined;
  /** The content of OUT_DIR; undefined without OUT_DIR or without the directory. */
  readonly outDir: OutDirFacts | undefined;
}

export interface OutDirFacts {
  /** Names in it and one level below: `local`, `local/.lock`. */
  readonly entries: readonly string[];
  /** The text of its `.gitignore`. */
  readonly ignore: string | undefined;
}
