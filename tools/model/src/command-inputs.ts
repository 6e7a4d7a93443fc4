import type { Platform } from './platform.ts';
import type { GoModule } from './tree.ts';

/** What a command is made of, for programs that decide whether to build it. Paths are relative to the root. */
export interface CommandInputs {
  readonly name: string;
  /** The word of WHAT that builds it. */
  readonly target: string;
  /** Of its main package, or of the package whose test binary it is. */
  readonly dir: string;
  readonly platform: Platform;
  /** Directories whose sources (see `extensions`) belong to it, tests (`_test.go`) apart. */
  readonly dirs: readonly string[];
  readonly files: readonly string[];
  /** The same of what lies outside the tree, as a replaced module may: with `..` before it. */
  readonly beside?: { readonly dirs: readonly string[]; readonly files: readonly string[] };
  /** Why Go does not know what it is made of: then anything may change it. */
  readonly problem?: string | undefined;
}

/** The answer of `slipway graph inputs --json`. */
export interface TreeInputs {
  readonly modules: readonly GoModule[];
  /** Files that decide for every command; not all of them need exist. */
  readonly settings: readonly string[];
  /** Without the dot: `go`, `s`. */
  readonly extensions: readonly string[];
  readonly commands: readonly CommandInputs[];
}
