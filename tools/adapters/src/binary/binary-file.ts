import type { Platform } from '@slipway/model';

export type BinaryFormat = 'elf' | 'pe' | 'macho' | 'other';

/** A named run of bytes, as the file's header lists it. */
export interface BinarySection {
  /** `.text`; in Mach-O with its segment: `__TEXT,__text`; in an ELF file without section headers `segment 0`. */
  readonly name: string;
  /** In the file. */
  readonly offset: number;
  /** As the header says; a `.bss` has a size and no bytes in the file. */
  readonly size: number;
  /** Of its bytes in the file; undefined when it has none there. */
  readonly sha256: string | undefined;
}

export interface GoModuleVersion {
  readonly path: string;
  readonly version: string;
  readonly sum: string;
  readonly replace?: GoModuleVersion;
}

/** What the Go linker noted about how a binary was built; what `go version -m` prints. */
export interface GoBuildInfo {
  readonly goVersion: string;
  /** Import path of the main package; empty when Go noted nothing but its version (`go test -c` before Go 1.24, say). */
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
  /** As the header says, which cannot tell Linux from every other system that leaves the ABI field empty. */
  readonly platform: Platform | undefined;
  readonly sections: readonly BinarySection[];
  readonly goBuildId: string | undefined;
  readonly goBuildInfo: GoBuildInfo | undefined;
  /** Why the rest is incomplete: the header is cut off, or says what cannot be. */
  readonly problem: string | undefined;
}
