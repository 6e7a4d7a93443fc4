import type { Readable, Writable } from 'node:stream';
import type {
  ArchiveWriter,
  SbomWriter,
  CommandRunner,
  ContainerEngine,
  HeldLock,
  ImageWriter,
  MakeBaseImage,
  OutputFiles,
  RemoteExecution,
  Registry,
  ScriptViews,
  TerminalSize,
  TestObserver,
  TreeSync,
} from '@slipway/adapters';
import type {
  Action,
  EmitEvent,
  Environment,
  Freshness,
  Outcome,
  Plan,
  Ran,
  Status,
  StepId,
  TakeLine,
} from '@slipway/model';

/** The ports of container steps. */
export interface Containers {
  readonly engine: ContainerEngine;
  readonly sync: TreeSync;
  readonly makeBaseImage: MakeBaseImage;
  readonly terminal: Terminal;
  /** Directory of cached packages for images. */
  readonly packageCache: string | undefined;
  /** Records the labels of an image, so that later runs need no engine to read them. */
  rememberImage(reference: string, labels: Environment): void;
}

/** Slipway's own input and output. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Undefined unless both input and output are a terminal. */
  readonly size: TerminalSize | undefined;
  /** Until disposed, passes all keys through unchanged, including Ctrl-C. */
  takeKeys(): Disposable;
}

/** The work in containers, decided once. */
export interface Need {
  /** Undefined if nothing has to run there. */
  readonly why: string | undefined;
  readonly statuses: ReadonlyMap<StepId, readonly Status[]>;
}

/** The ports of all steps. */
export interface Performing {
  readonly plan: Plan;
  readonly runner: CommandRunner;
  readonly files: OutputFiles;
  readonly archives: ArchiveWriter;
  readonly images: ImageWriter;
  readonly sboms: SbomWriter;
  readonly registry: Registry;
  readonly signal: AbortSignal;
  /** After a failure, continue with steps that do not depend on it. */
  readonly keepGoing: boolean;
  /** Needed by steps that test. */
  readonly observer?: TestObserver | undefined;
  /** Needed by steps that run scripts of the tree. */
  readonly views?: ScriptViews | undefined;
  readonly emit?: EmitEvent;
  /** Without it every step runs. */
  readonly freshness?: Freshness | undefined;
  readonly containers?: Containers | undefined;
  /** Needed by steps that run on a cluster. */
  readonly cluster?: RemoteExecution | undefined;
  /** The lock of the output, which a plan with `clean` needs. */
  readonly lock?: HeldLock | undefined;
  /** A step calls it when later steps would repeat nothing of its remaining work. */
  onlyLinksLeft?(): void;
  /** Every container step calls it before it acts. */
  needContainers(): Promise<Need>;
}

/** The actions of a step that run in one call. */
export interface Running {
  readonly actions: readonly Action[];
  /** Flags after the subcommand of Go. */
  readonly flags: readonly string[];
  readonly take?: TakeLine | undefined;
}

/** The outcome of a step, and its program's output. */
export interface Performed {
  readonly outcome: Outcome;
  readonly output: string;
  /** Set if a program with several actions failed: which of them passed. */
  readonly ran?: Ran;
  /** Outputs of a failed step that are missing; undefined: all. */
  readonly unmade?: readonly string[];
}
