import type { Environment, Observed, Unobserved } from '@slipway/model';

/**
 * Runs programs in their own view of a tree: they see the tree, and nobody else sees what they write. At its end in any
 * case no files, mounts or processes remain.
 */
export interface ScriptViews {
  /** The abilities of this machine for a tree. */
  abilities(asking: ViewPlaces): Promise<ViewAbilities>;
  open(request: ViewRequest): Promise<ScriptView>;
}

export interface ViewPlaces {
  /** The tree's root, absolute. */
  readonly root: string;
  /** Absolute, outside of the tree. */
  readonly scratch: string;
  readonly environment: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** `overlay`: the tree under its own path, in a mount namespace. `copy`: a copy of the tree under another path. */
export type ViewKind = 'overlay' | 'copy';

export interface ViewAbilities {
  readonly view: ViewKind;
  /** Reads of programs can be observed (strace). */
  readonly traces: boolean;
}

export interface ViewRequest extends ViewPlaces, ViewAbilities {
  /** An absolute directory that is empty in the view, because its content can be made again. */
  readonly output: string;
  /** `written` will be called. */
  readonly lists: boolean;
}

export interface ScriptView extends AsyncDisposable {
  /** The call that runs a program in the view; both directories are those of the tree. */
  call(argv: readonly string[], cwd: string): ViewCall;
  /** Call it after the run: the program's reads, as paths of the tree. */
  read(): Promise<ViewReads>;
  /**
   * Call it after the run: changed and removed files and links, relative to the root, sorted. `from` is the new file.
   */
  written(): Promise<readonly Written[]>;
}

export interface ViewCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Added to the environment of the request. */
  readonly env: Environment;
}

export interface ViewReads {
  readonly observed: Observed | Unobserved;
  /** Addresses of other machines that it contacted. */
  readonly asked: readonly string[];
}

export interface Written {
  readonly path: string;
  /** Undefined: it was removed. */
  readonly from: string | undefined;
  /** The target of a link. */
  readonly link?: string;
}
