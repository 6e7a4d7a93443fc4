import type { Platform } from './platform.ts';
import type { GoModule } from './tree.ts';

/** The sources of a command, for programs that decide whether to build it. Paths are relative to the root. */
export interface CommandInputs {
  readonly name: string;
  /** The word of WHAT that selects the command. */
  readonly target: string;
  /** The directory of the main package, or of the package of a test binary. */
  readonly dir: string;
  readonly platform: Platform;
  /** Directories whose sources (see `extensions`) belong to the command, without tests (`_test.go`). */
  readonly dirs: readonly string[];
  readonly files: readonly string[];
  /** The same for directories and files outside the tree, such as a replaced module. Their paths begin with `..`. */
  readonly beside?: { readonly dirs: readonly string[]; readonly files: readonly string[] };
  /** The reason why Go cannot list the sources. Then every change affects the command. */
  readonly problem?: string | undefined;
}

/** The answer of `slipway graph inputs --json`. */
export interface TreeInputs {
  readonly modules: readonly GoModule[];
  /** Files that affect every command. Some of them may not exist. */
  readonly settings: readonly string[];
  /** Extensions without the dot: `go`, `s`. */
  readonly extensions: readonly string[];
  readonly commands: readonly CommandInputs[];
}
