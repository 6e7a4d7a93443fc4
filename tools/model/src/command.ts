import type { GoClause } from './build-constraint.ts';
import type { Environment } from './environment.ts';
import type { Platform } from './platform.ts';

/** How a command is linked: without cgo, with it, or as a test binary (`go test -c`). */
export type Linkage = 'static' | 'cgo' | 'test';

/** What a word of WHAT names once it was looked up in the tree. */
export type CommandKind = 'main' | 'test' | 'library';

/**
 * Something Go can build: a `main` package, the test binary of a directory, or (`make genutils`) a library that is only
 * compiled.
 */
export interface Command {
  /** Base name of the binary without `.exe`: `kubectl`, `e2e.test`. */
  readonly name: string;
  /** As the tree's lists and users write it: `cmd/kubectl`, `vendor/k8s.io/kube-aggregator`, `test/e2e/e2e.test`. */
  readonly target: string;
  /** The package Go is asked for: `k8s.io/kubernetes/cmd/kubectl`; for a test binary the package of its directory. */
  readonly importPath: string;
  readonly kind: CommandKind;
  /** Directory of the module (or workspace) Go is started in, relative to the root; `.` is the root. */
  readonly moduleDir: string;
  /** Go files of a main package that some builds do not take, where there are no others. */
  readonly files?: readonly GoClause[];
  /** The name is not the one Go would give the binary. */
  readonly renamed?: true;
  /** What the configuration says of it alone. */
  readonly own?: OwnSettings;
}

/** How a command is built differently from the rest of its tree. */
export interface OwnSettings {
  /** Where it is built; everywhere its sets are without. */
  readonly platforms?: readonly Platform[];
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  readonly env?: Environment;
}
