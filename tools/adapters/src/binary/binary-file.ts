import type { Platform } from '@slipway/model';

export type BinaryFormat = 'elf' | 'pe' | 'macho' | 'other';

/** A named range of bytes, from the file's header. */
export interface BinarySection {
  /** `.text`; in Mach-O with its segment: `__TEXT,__text`; in an ELF file without section headers `segment 0`. */
  readonly name: string;
  /** In the file. */
  readonly offset: number;
  /** From the header. A `.bss` has a size and no bytes in the file. */
  readonly size: number;
  /** The digest of its bytes in the file; undefined without any. */
  readonly sha256: string | undefined;
}

export interface GoModuleVersion {
  readonly path: string;
  readonly version: string;
  readonly sum: string;
  readonly replace?: GoModuleVersion;
}

/** The Go linker's record of how a binary was built, as `go version -m` prints it. */
export interface GoBuildInfo {
  readonly goVersion: string;
  /**
   * Import path of the main package; empty if Go recorded only its version (for example `go test -c` before Go 1.24).
   */
  readonly path: string;
  readonly main: GoModuleVersion | undefined;
  /** Without the main module, in Go's order. */
  readonly modules: readonly GoModuleVersion[];
  /** `-ldflags`, `CGO_ENABLED`, `vcs.revision` and so on, unquoted. With -trimpath Go leaves -ldflags out. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface BinaryFile {
  readonly path: string;
  readonly size: number;
  readonly format: BinaryFormat;
  /** From the header. It cannot distinguish Linux from other systems that leave the ABI field empty. */
  readonly platform: Platform | undefined;
  readonly sections: readonly BinarySection[];
  readonly goBuildId: string | undefined;
  readonly goBuildInfo: GoBuildInfo | undefined;
  /** Why the data is incomplete: the header is truncated or invalid. */
  readonly problem: string | undefined;
}
