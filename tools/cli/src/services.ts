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

/** Everything outside the process, as ports; made in compose.ts, or by a test. */
export interface Services {
  readonly environment: Environment;
  readonly cwd: string;
  /** This user's cache directory, absolute; undefined where there is none to trust. */
  readonly caches: string | undefined;
  readonly runner: CommandRunner;
  /** What the tree is read with: it knows what was read. */
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
  /** Nothing is asked of it yet. */
  openCluster(cluster: Cluster, environment: Environment): Promise<RemoteExecution>;
  readonly signal: AbortSignal;
  /** Told about downloads and other things that take a while before the plan is known. */
  progress(message: string, moved?: Moved): void;
}

/** What a target is given: the command line, the world, and the tree when it asks for it. */
export interface Asking {
  readonly line: CommandLine;
  /** Words after the target. */
  readonly args: readonly string[];
  readonly services: Services;
  /** The same with another command line: compare builds with profile make. */
  again(line: Partial<CommandLine>): Asking;
  /** The tree of the working directory; throws NO_TREE and the failures of reading one. */
  tree(): Promise<Tree>;
  /** Everything planning needs; `words` are looked up in the tree besides those of WHAT; with the variables of packaging, what a release holds. */
  facts(words?: readonly string[], packaging?: Environment): Promise<Facts>;
}
