import type { Environment, GoToolchain, Platform } from '@slipway/model';

/** What decides which packages and files Go would use; two builds with equal questions have the same graph. */
export interface GraphQuestion {
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
  /** File names in `dir` that Go uses for this question: Go, cgo, C, headers, assembly, syso, embedded (with subdirectories). Sorted. */
  readonly files: readonly string[];
  /** Resolved import paths (ImportMap applied), std left out. */
  readonly imports: readonly string[];
  /** `path@version` of a module in the module cache or GOROOT's own vendor, whose content never changes; undefined: hash the files. */
  readonly fixedBy: string | undefined;
  /** The go line of its module, which changes the language. */
  readonly goVersion: string | undefined;
}

/** A package and all it needs, std left out; `roots` are as they were asked for. */
export interface Closure {
  readonly root: string;
  readonly packages: readonly GraphPackage[];
}

/** What one asks of a graph: a main package, or the test binary of a package. */
export interface GraphRoot {
  readonly importPath: string;
  readonly test: boolean;
}
