import type {
  AcquireLock,
  ArchiveWriter,
  SbomWriter,
  CommandRunner,
  ContainerEngine,
  GitReader,
  GoFinder,
  ImageWriter,
  MakeBaseImage,
  Memo,
  OutputFiles,
  Registry,
  RemoteExecution,
  ScriptViews,
  Seal,
  TestObserver,
  TreeSync,
  PinnedTools,
} from '@slipway/adapters';
import type { Disk, TreeCode } from '@slipway/facts';
import type { Terminal } from '@slipway/run';
import type { Cluster, Environment, Facts, Moved, Tree } from '@slipway/model';
import type { CommandLine } from './parse-arguments.ts';

/** Ports to everything outside the process. compose.ts or a test creates them. */
export interface Services {
  readonly environment: Environment;
  readonly cwd: string;
  /** This user's cache directory, absolute; undefined if no directory can be trusted. */
  readonly caches: string | undefined;
  readonly runner: CommandRunner;
  /** Reads the tree and records what was read. */
  readonly disk: Disk;
  readonly files: OutputFiles;
  readonly archives: ArchiveWriter;
  readonly images: ImageWriter;
  readonly sboms: SbomWriter;
  readonly registry: Registry;
  readonly git: GitReader;
  readonly go: GoFinder;
  readonly pinnedTools: PinnedTools;
  readonly memo: Memo;
  readonly seal: Seal;
  readonly code: TreeCode;
  readonly lock: AcquireLock;
  readonly engine: ContainerEngine;
  readonly sync: TreeSync;
  readonly makeBaseImage: MakeBaseImage;
  readonly terminal: Terminal;
  readonly observer: TestObserver;
  readonly views: ScriptViews;
  readonly checkProgram: readonly string[];
  /** Sends no request yet. */
  openCluster(cluster: Cluster, environment: Environment): Promise<RemoteExecution>;
  readonly signal: AbortSignal;
  /** Reports downloads and other slow tasks before the plan is known. */
  progress(message: string, moved?: Moved): void;
}

/** The input of a target: the command line, the services, and the tree on demand. */
export interface Asking {
  readonly line: CommandLine;
  /** Words after the target. */
  readonly args: readonly string[];
  readonly services: Services;
  /** The same with changes of the command line: compare builds with profile make. */
  again(line: Partial<CommandLine>): Asking;
  /** The tree of the working directory; throws NO_TREE and the failures of reading one. */
  tree(): Promise<Tree>;
  /**
   * The facts for planning. `words` are looked up in the tree besides those of WHAT. With the variables of packaging,
   * the facts include a release's content.
   */
  facts(words?: readonly string[], packaging?: Environment): Promise<Facts>;
}
