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

/** What container steps act with. */
export interface Containers {
  readonly engine: ContainerEngine;
  readonly sync: TreeSync;
  readonly makeBaseImage: MakeBaseImage;
  readonly terminal: Terminal;
  /** Where packages for images are kept. */
  readonly packageCache: string | undefined;
  /** What is known of images without asking: their labels. */
  rememberImage(reference: string, labels: Environment): void;
}

/** Where slipway itself reads and prints. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  readonly errors: Writable;
  /** Undefined when a person sits at neither end. */
  readonly size: TerminalSize | undefined;
  /** Every key goes through as it is, Ctrl-C too, until disposed. */
  takeKeys(): Disposable;
}

/** What has to be done in containers, found out once. */
export interface Need {
  /** Undefined when nothing has to run there. */
  readonly why: string | undefined;
  readonly statuses: ReadonlyMap<StepId, readonly Status[]>;
}

/** What performers act with. */
export interface Performing {
  readonly plan: Plan;
  readonly runner: CommandRunner;
  readonly files: OutputFiles;
  readonly archives: ArchiveWriter;
  readonly images: ImageWriter;
  readonly sboms: SbomWriter;
  readonly registry: Registry;
  readonly signal: AbortSignal;
  /** Go on with what does not depend on a failure. */
  readonly keepGoing: boolean;
  /** Needed by steps that test. */
  readonly observer?: TestObserver | undefined;
  /** Needed by steps that run scripts of the tree. */
  readonly views?: ScriptViews | undefined;
  readonly emit?: EmitEvent;
  /** Without one every step runs. */
  readonly freshness?: Freshness | undefined;
  readonly containers?: Containers | undefined;
  /** Needed by steps that run on a cluster. */
  readonly cluster?: RemoteExecution | undefined;
  /** Of the output; what a plan that cleans is performed under. */
  readonly lock?: HeldLock | undefined;
  /** Asked by every container step before it acts. */
  needContainers(): Promise<Need>;
}

/** What of a step is run in one call. */
export interface Running {
  readonly actions: readonly Action[];
  /** After the subcommand of Go. */
  readonly flags: readonly string[];
  readonly take?: TakeLine | undefined;
}

/** How a step went, and what its program printed. */
export interface Performed {
  readonly outcome: Outcome;
  readonly output: string;
  /** Where a program failed that runs several actions: which of them passed is known. */
  readonly ran?: Ran;
  /** Of a step that failed, outputs that are not there for that; undefined: all. */
  readonly unmade?: readonly string[];
}
