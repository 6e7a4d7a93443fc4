import type { Environment, GoToolchain, Platform } from '@slipway/model';

/** What decides which packages and files Go would use; two builds with equal questions have the same graph. */
export interface GoListQuery {
  readonly platform: Platform;
  /** As GOFLAGS and -tags give them together: `selinux,notest`. */
  readonly tags: string;
  readonly cgo: boolean;
  /** Flags that change the package set: -race, -msan, -asan, -mod=…, -modfile=…, -overlay=…; usually empty. */
  readonly flags: readonly string[];
  /** Where Go is started, absolute: a module, or the root of a workspace. */
  readonly cwd: string;
  /** The complete environment of the Go call: GOFLAGS, GOWORK, GO111MODULE, GOPATH, GOEXPERIMENT … */
  readonly env: Environment;
  readonly toolchain: GoToolchain;
}

/** A package as `go list` says it, without what only people read. */
export interface GraphPackage {
  /** With `-test`, variants keep Go's spelling: `k8s.io/x [k8s.io/x.test]`. */
  readonly importPath: string;
  /** Absolute. */
  readonly dir: string;
  /**
   * File names in `dir` that Go uses for this question: Go, cgo, C, headers, assembly, syso, embedded (with
   * subdirectories), and default.pgo of a main package. Sorted. What C and assembly of it include is not among them: Go does
   * not know of it, and does not compile again when it changes. That is `native`'s.
   */
  readonly files: readonly string[];
  /** What a C compiler or an assembler is given, where there is one. */
  readonly native?: NativePart | undefined;
  /** Resolved import paths (vendoring and test variants applied), std left out. */
  readonly imports: readonly string[];
  /** `path@version` of a module in the module cache, whose content never changes; undefined: hash the files. */
  readonly fixedBy: string | undefined;
  /** The go line of its module, which changes the language. */
  readonly goVersion: string | undefined;
}

/** What a package hands to programs that read more files than Go knows of. */
export interface NativePart {
  /** Go files with `import "C"`; names in the package's directory. */
  readonly cgo: readonly string[];
  /** C, C++, Objective-C and assembly. */
  readonly sources: readonly string[];
  /** For programs whose reading nobody can name: SWIG, Fortran. */
  readonly others: readonly string[];
  /** Flags of its `#cgo` lines by the end of their name: `CFLAGS`, `LDFLAGS`, `pkg-config`. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
}

/** A package of the standard library that a C compiler compiles with every command: for what it includes. */
export interface LibraryPackage {
  readonly importPath: string;
  readonly dir: string;
  readonly native: NativePart;
}

/** A package and all it needs, std left out. */
export interface Closure {
  /** As it was asked for. */
  readonly root: string;
  /** By import path. */
  readonly packages: readonly GraphPackage[];
  /** With cgo: packages of the standard library that have C. */
  readonly library: readonly LibraryPackage[];
  /** Why Go could not build it, as Go says it. Such a closure has no key: it is handed to Go, which says it to the user. */
  readonly problem?: string | undefined;
}

/** What one asks of a graph: a main package, or the test binary of a package. */
export interface GraphRoot {
  /** Anything `go build` takes as one package: an import path, or `./cmd/x` from `cwd`. */
  readonly importPath: string;
  readonly test: boolean;
}

/** The packages of all roots of one question, each fact as `go list -deps` states it. */
export interface PackageGraph {
  readonly packages: readonly GraphPackage[];
  /** Every root, and every package, has one; what is unknown has a problem. A test root without test files is the package. */
  closureOf(root: GraphRoot): Closure;
  /** The shortest chain of import paths from a root to a package or to the package of a file (absolute); undefined without one. */
  why(root: GraphRoot, target: string): readonly string[] | undefined;
  /** Those of the packages, by import path, that import one of these, directly or not, and these themselves. */
  importersOf(importPaths: Iterable<string>): ReadonlySet<string>;
  /** Import paths of the packages that use a file (absolute); variants included. */
  packagesOf(file: string): readonly string[];
}

export interface LoadedGraph {
  readonly graph: PackageGraph;
  /** Why Go was asked, one sentence; undefined: the kept graph still held. */
  readonly asked: string | undefined;
}

/** Graphs kept between runs. One of these is one look at the tree: make a new one after the tree was changed. */
export interface GraphStore {
  /** The kept graph where its files' headers, names and module files are as they were; for the rest, Go is asked. */
  load(query: GoListQuery, roots: readonly GraphRoot[]): Promise<LoadedGraph>;
}
