import type { Environment, GoToolchain, Platform } from '@slipway/model';

/** Everything that affects which packages and files Go uses. Two builds with equal queries have the same graph. */
export interface GoListQuery {
  readonly platform: Platform;
  /** The tags of GOFLAGS and -tags together: `selinux,notest`. */
  readonly tags: string;
  readonly cgo: boolean;
  /** Flags that change the set of packages: -race, -msan, -asan, -mod=…, -modfile=…, -overlay=…; usually empty. */
  readonly flags: readonly string[];
  /** Go's working directory, absolute: a module, or the root of a workspace. */
  readonly cwd: string;
  /** The complete environment of the Go call: GOFLAGS, GOWORK, GO111MODULE, GOPATH, GOEXPERIMENT … */
  readonly env: Environment;
  readonly toolchain: GoToolchain;
}

/** A package as `go list` reports it, without fields for people. */
export interface GraphPackage {
  /** With `-test`, variants have Go's spelling: `k8s.io/x [k8s.io/x.test]`. */
  readonly importPath: string;
  /** Absolute. */
  readonly dir: string;
  /**
   * Names of the files in `dir` that Go uses for this query: Go, cgo, C, headers, assembly, syso, embedded (with
   * subdirectories), and default.pgo of a main package. Sorted. It does not contain the files that C and assembly
   * include: Go does not know them, and does not recompile when they change. `native` lists them.
   */
  readonly files: readonly string[];
  /** The files for a C compiler or an assembler, if there are any. */
  readonly native?: NativePart | undefined;
  /** Resolved import paths (after vendoring and test variants), without the standard library. */
  readonly imports: readonly string[];
  /** `path@version` of a module in the module cache, whose content never changes; undefined: hash the files. */
  readonly fixedBy: string | undefined;
  /** The go line of its module, which changes the language. */
  readonly goVersion: string | undefined;
}

/** The files of a package for programs that read further files, unknown to Go. */
export interface NativePart {
  /** Go files with `import "C"`; names in the package's directory. */
  readonly cgo: readonly string[];
  /** C, C++, Objective-C and assembly. */
  readonly sources: readonly string[];
  /** Files for programs with unknown reads: SWIG, Fortran. */
  readonly others: readonly string[];
  /** Flags of its `#cgo` lines, by the end of the name: `CFLAGS`, `LDFLAGS`, `pkg-config`. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

/** A package of the standard library that a C compiler compiles for every command. Slipway needs its includes. */
export interface LibraryPackage {
  readonly importPath: string;
  readonly dir: string;
  readonly native: NativePart;
}

/** A package and everything it needs, without the standard library. */
export interface Closure {
  /** The root as given. */
  readonly root: string;
  /** By import path. */
  readonly packages: readonly GraphPackage[];
  /** With cgo: packages of the standard library that contain C. */
  readonly library: readonly LibraryPackage[];
  /**
   * Go's reason why it cannot build it. Such a closure has no key. Go gets it anyway and reports the error to the user.
   */
  readonly problem?: string | undefined;
}

/** A root of a graph: a main package, or the test binary of a package. */
export interface GraphRoot {
  /** Any form that `go build` accepts for one package: an import path, or `./cmd/x` from `cwd`. */
  readonly importPath: string;
  readonly test: boolean;
}

/** The packages of all roots of one query, with the facts of `go list -deps`. */
export interface PackageGraph {
  readonly packages: readonly GraphPackage[];
  /**
   * Every root and every package has a closure. An unknown one has a problem. A test root without test files is the
   * package.
   */
  closureOf(root: GraphRoot): Closure;
  /**
   * The shortest chain of import paths from a root to a package, or to the package of a file (absolute); undefined
   * without one.
   */
  why(root: GraphRoot, target: string): readonly string[] | undefined;
  /** The packages that import one of these directly or indirectly, including these, by import path. */
  importersOf(importPaths: Iterable<string>): ReadonlySet<string>;
  /** Import paths of the packages that use a file (absolute), including variants. */
  packagesOf(file: string): readonly string[];
}

export interface LoadedGraph {
  readonly graph: PackageGraph;
  /** Why Go was called, in one sentence; undefined: the kept graph was valid. */
  readonly asked: string | undefined;
}

/** Graphs kept between runs. One store has one view of the tree: create a new one after the tree changed. */
export interface GraphStore {
  /** The kept graph, as far as file headers, names and module files are unchanged. Go is called for the rest. */
  load(query: GoListQuery, roots: readonly GraphRoot[]): Promise<LoadedGraph>;
}
