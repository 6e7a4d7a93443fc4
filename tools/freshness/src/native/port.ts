import type { CommandRunner, Memo } from '@slipway/adapters';
import type { Environment, GoBuild, GoToolchain } from '@slipway/model';
import type { Closure, GraphPackage, LibraryPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';

/** Files that compilers and linkers read and Go does not name. */
export interface NativeInputs {
  /** Those that are there, absolute, by a name without a place where they have one. */
  readonly files: ReadonlyMap<string, string>;
  /** Where one of them would be looked for first. */
  readonly absent: ReadonlySet<string>;
  /** Why they cannot be named, as far as that is so. */
  readonly problem: string | undefined;
}

/** How Go is called for a step. */
export interface NativeQuery {
  readonly go: GoBuild;
  /** The image whose compilers are used, when they are not this machine's. */
  readonly image?: string | undefined;
  /** Go's own settings among it, wherever they are kept. */
  readonly env: Environment;
  readonly cwd: string;
  readonly toolchain: GoToolchain;
}

export interface LinkInputs extends NativeInputs {
  /** A linker that is not Go's own puts the command together. */
  readonly isExternal: boolean;
}

export interface NativeReader {
  /** The files outside of a package that its compilation reads; undefined: none. */
  compiling(one: GraphPackage | LibraryPackage, query: NativeQuery): Promise<NativeInputs | undefined>;
  /** What the compilers themselves are made of, and what a linker that is not Go's own reads; undefined: neither is used. */
  linking(closure: Closure, query: NativeQuery): Promise<LinkInputs | undefined>;
  save(): void;
}

export interface NativeOptions {
  readonly root: string;
  readonly index: ContentIndex;
  readonly runner: CommandRunner;
  /** What files include, by their content, and what compilers said of themselves: of every tree of a user. */
  readonly memo: Memo;
  readonly signal?: AbortSignal | undefined;
}
