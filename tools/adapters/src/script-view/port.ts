import type { Environment, Observed, Unobserved } from '@slipway/model';

/**
 * Has programs run in a view of a tree that is their own: they see the tree, and what they write there nobody else sees. Nothing of
 * it is left, neither files nor mounts nor processes, however it ends.
 */
export interface ScriptViews {
  /** What this machine lets us do, for a tree. */
  abilities(asking: ViewPlaces): Promise<ViewAbilities>;
  open(request: ViewRequest): Promise<ScriptView>;
}

export interface ViewPlaces {
  /** Of the tree, absolute. */
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
  /** Whether what programs read can be observed (strace). */
  readonly traces: boolean;
}

export interface ViewRequest extends ViewPlaces, ViewAbilities {
  /** A directory, absolute, that is empty in the view: what lies in it is made again by who needs it. */
  readonly output: string;
  /** Whether `written` will be asked. */
  readonly lists: boolean;
}

export interface ScriptView extends AsyncDisposable {
  /** The call that runs a program there; both directories are those of the tree. */
  call(argv: readonly string[], cwd: string): ViewCall;
  /** Once the call ended: what it read, as paths of the tree. */
  read(): Promise<ViewReads>;
  /** Once the call ended: files and links that are other ones now, or gone; relative to the root, sorted. `from` holds the new one. */
  written(): Promise<readonly Written[]>;
}

export interface ViewCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** On top of the environment of the request. */
  readonly env: Environment;
}

export interface ViewReads {
  readonly observed: Observed | Unobserved;
  /** Addresses of other machines it asked. */
  readonly asked: readonly string[];
}

export interface Written {
  readonly path: string;
  /** Undefined: it is gone. */
  readonly from: string | undefined;
  /** Of a link where it leads. */
  readonly link?: string;
}
