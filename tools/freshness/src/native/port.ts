import type { CommandRunner, Memo } from '@slipway/adapters';
import type { Environment, GoBuild, GoToolchain } from '@slipway/model';
import type { Closure, GraphPackage, LibraryPackage } from '../graph/port.ts';
import type { ContentIndex } from '../index/port.ts';

/** Files that compilers and linkers read and Go does not list. */
export interface NativeInputs {
  /** Existing files, absolute, by a name independent of their place if they have one. */
  readonly files: ReadonlyMap<string, string>;
  /** Paths where one of them would be found first. */
  readonly absent: ReadonlySet<string>;
  /** Why the list is incomplete. */
  readonly problem: string | undefined;
}

/** How a step calls Go. */
export interface NativeQuery {
  readonly go: GoBuild;
  /** The image with the compilers; undefined: this machine's. */
  readonly image?: string | undefined;
  /** The environment, including Go's own settings. */
  readonly env: Environment;
  readonly cwd: string;
  readonly toolchain: GoToolchain;
}

export interface LinkInputs extends NativeInputs {
  /** An external linker links the command. */
  readonly isExternal: boolean;
}

export interface NativeReader {
  /** The files outside of a package that its compilation reads; undefined: none. */
  compiling(one: GraphPackage | LibraryPackage, query: NativeQuery): Promise<NativeInputs | undefined>;
  /** The files of the compilers themselves, and the files that an external linker reads; undefined: neither is used. */
  linking(closure: Closure, query: NativeQuery): Promise<LinkInputs | undefined>;
  save(): void;
}

export interface NativeOptions {
  readonly root: string;
  readonly index: ContentIndex;
  readonly runner: CommandRunner;
  /** The includes of files, by content, and the answers of compilers: for all trees of a user. */
  readonly memo: Memo;
  readonly signal?: AbortSignal | undefined;
}
