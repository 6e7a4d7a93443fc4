import type { GoClause } from './build-constraint.ts';
import type { Environment } from './environment.ts';
import type { Platform } from './platform.ts';

/** How a command is linked: without cgo, with it, or as a test binary (`go test -c`). */
export type Linkage = 'static' | 'cgo' | 'test';

/** The kind of a word of WHAT after lookup in the tree. */
export type CommandKind = 'main' | 'test' | 'library';

/**
 * Something Go can build: a `main` package, the test binary of a directory, or (`make genutils`) a library that is only
 * compiled.
 */
export interface Command {
  /** Base name of the binary without `.exe`: `kubectl`, `e2e.test`. */
  readonly name: string;
  /**
   * The name in the tree's lists and on the command line: `cmd/kubectl`, `vendor/k8s.io/kube-aggregator`,
   * `test/e2e/e2e.test`.
   */
  readonly target: string;
  /** The package that Go builds: `k8s.io/kubernetes/cmd/kubectl`; for a test binary the package of its directory. */
  readonly importPath: string;
  readonly kind: CommandKind;
  /** The directory of the module or workspace in which Go starts, relative to the root; `.` is the root. */
  readonly moduleDir: string;
  /** The Go files of a main package, if all of them have constraints. */
  readonly files?: readonly GoClause[];
  /** The configuration renames the binary. */
  readonly renamed?: true;
  /** Settings of this command alone, from the configuration. */
  readonly own?: OwnSettings;
}

/** Settings of one command that differ from those of its tree. */
export interface OwnSettings {
  /** Its platforms. Without them: the platforms of its sets. */
  readonly platforms?: readonly Platform[];
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  readonly env?: Environment;
}
