/** A program that is shipped as a Python package: exactly these files, whatever the registry says later. */
export interface PinnedTool {
  /** The package's name. */
  readonly name: string;
  readonly version: string;
  /** sha256, hex, of the wheels of this version for the hosts it is used on. */
  readonly sha256: readonly string[];
  /** Where the program is in the package: `ziglang/zig`. */
  readonly program: string;
}
