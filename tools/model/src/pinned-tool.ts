/** A program that is distributed as a Python package, pinned to exactly these files. */
export interface PinnedTool {
  /** The package's name. */
  readonly name: string;
  readonly version: string;
  /** sha256, hex, of the wheels of this version, for all supported hosts. */
  readonly sha256: readonly string[];
  /** Path of the program in the package: `ziglang/zig`. */
  readonly program: string;
}
