import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import type { GenerationFacts } from './generation.ts';
import type { Platform } from './platform.ts';
import type { ShippingFacts } from './shipping.ts';
import type { Tree } from './tree.ts';

/** What git says; every field is absent when git, the repository, or the answer is. */
export interface GitFacts {
  readonly commit?: string;
  /** As `git rev-parse --short` has it. */
  readonly shortCommit?: string;
  /** Seconds since the epoch of the commit. */
  readonly commitTime?: number;
  /** No output of `git status --porcelain`; untracked files count as changes. */
  readonly clean?: boolean;
  /** `git describe` with the tree's own arguments. */
  readonly describe?: string;
  /** `git describe --abbrev=0`. */
  readonly nearestTag?: string;
  /** While files say the same, `nearestTag` is the same. */
  readonly tagState?: string;
  /** The clone is shallow and reaches no tag. */
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
  /** Not here yet; a run downloads it first, to this very place. Only a dry run sees such a one. */
  readonly absent?: true;
  /** What the tree asks for, where a setting of the user has this one all the same. */
  readonly instead?: { readonly version: string; readonly from: string; readonly by: string };
}

export interface Machine {
  readonly platform: Platform;
  readonly cores: number;
  /** Bytes that can be used without swapping now: cgroup limit and MemAvailable, whichever is less. */
  readonly availableMemory: number;
  /** Seconds since the epoch when the facts were read. */
  readonly now: number;
}

/** One word of WHAT, looked up: what it names, or nothing. */
export interface ResolvedWord {
  readonly word: string;
  readonly commands: readonly Command[];
}

/** A package with tests, where Go is started for it. */
export interface TestPackage {
  readonly importPath: string;
  /** Relative to the root. */
  readonly dir: string;
  readonly moduleDir: string;
}

/** What is tested. */
export interface TestFacts {
  /** In order of path, each once. */
  readonly packages: readonly TestPackage[];
  /** Words that name no package, with the nearest directory that is there. */
  readonly unknown: readonly { readonly word: string; readonly nearest: string | undefined }[];
  /** Directories that were named and have no tests. */
  readonly untested: readonly string[];
  /** What tests see of the user's environment because he said so. */
  readonly environment: Environment;
  /** How the tree's own script of tests calls Go; undefined without one. */
  readonly script: { readonly flags: readonly string[]; readonly environment: Environment } | undefined;
}

export type CheckKind = 'verify' | 'update';

/** A script of the tree, found by its name: `hack/verify-NAME.sh`. */
export interface CheckScript {
  readonly name: string;
  /** Relative to the root. */
  readonly path: string;
  /** Absolute: what runs it. */
  readonly program: string;
  /** Of a check of ours, which is no file of the tree: `path` is absolute then. The facts it is told are JSON. */
  readonly own?: { readonly words: readonly string[]; readonly facts: string };
}

export interface CheckFacts {
  /** Those that were asked for, in order. */
  readonly scripts: readonly CheckScript[];
  /** Names of scripts that put right what one finds. */
  readonly updates: readonly string[];
  /** What is there and was not asked for. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** Words that name none. */
  readonly unknown: readonly { readonly word: string; readonly nearest: string | undefined }[];
  readonly view: 'overlay' | 'copy';
  /** Undefined where what a script reads can be observed; else why not, and every file of the tree decides. */
  readonly untraced: { readonly why: string; readonly files: readonly string[] } | undefined;
}

/** The world, read once; planning sees nothing else. */
export interface Facts {
  readonly tree: Tree;
  readonly git: GitFacts;
  /** What the tree's Makefile would stamp now, by the names of the variables; undefined where it is not asked. */
  readonly asked?: Readonly<Record<string, string>> | undefined;
  readonly machine: Machine;
  readonly toolchain: GoToolchain;
  /** Platforms this toolchain can build for. */
  readonly goPlatforms: readonly Platform[];
  /** The allow-list of inherited variables that are set. */
  readonly environment: Environment;
  /** The words of WHAT that do not begin with a dash. */
  readonly words: readonly ResolvedWord[];
  /** Where the C compilers are that the tree names for platforms, by command (`aarch64-linux-gnu-gcc`); empty when missing. */
  readonly compilers: Readonly<Record<string, string>>;
  /** The C compiler Go takes for this machine when none is named: CC's, else gcc or clang; undefined when missing. */
  readonly hostCompiler: string | undefined;
  /** The C++ compiler Go takes: CXX's, else g++ or clang++; undefined when missing. */
  readonly hostCxxCompiler: string | undefined;
  /** A directory of this user outside the tree, absolute, where Go may keep what it makes on the way to a result. */
  readonly goScratch: string;
  /** Variables of KUBE_GIT_VERSION_FILE, when that names a file. */
  readonly versionFile: Environment | undefined;
  /** Read for targets that package only. */
  readonly shipping: ShippingFacts | undefined;
  /** What is generated, read only for who generates; undefined as well in a tree without generators we know. */
  readonly generation: GenerationFacts | undefined;
  /** Of each step before the build the files it reads, in the order of the tree's. */
  readonly before?: readonly (readonly string[])[];
  /** Read only for who tests. */
  readonly tests: TestFacts | undefined;
  /** Read only for who verifies or updates. */
  readonly checks?: CheckFacts | undefined;
  /** What lies in the directory OUT_DIR names; undefined when none is named or it is not there. */
  readonly outDir: OutDirFacts | undefined;
}

export interface OutDirFacts {
  /** Names in it and one level below: `local`, `local/.lock`. */
  readonly entries: readonly string[];
  /** The text of its `.gitignore`. */
  readonly ignore: string | undefined;
}
