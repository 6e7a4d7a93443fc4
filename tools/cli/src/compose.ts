import {
  acquireLock,
  blockCompressors,
  cacheDirectory,
  fileMemo,
  memoryMemo,
  readOnlyMemo,
  realArchiveWriter,
  realSbomWriter,
  realCommandRunner,
  realContainerEngine,
  realGitReader,
  realGoFinder,
  realImageWriter,
  realMakeBaseImage,
  realOutputFiles,
  realRegistry,
  realScriptViews,
  realTestObserver,
  realTreeSync,
  realPinnedTools,
  userSeal,
} from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import { openDisk, withGoCollector } from '@slipway/facts';
import { checkProgram } from './checks/check-program.ts';
import { openCluster } from './cluster.ts';
import { treeCode } from './tree-code.ts';
import { realTerminal } from './terminal.ts';
import type { Services } from './services.ts';

interface Composing {
  readonly environment: Environment;
  /** Variables of the command line, then of the environment. */
  readonly variables: Environment;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The run may not write anything, not even a cache. */
  readonly readOnly: boolean;
  /** Slipway reads the tree without running any of its code. */
  readonly conventionsOnly: boolean;
  progress: Services['progress'];
}

/** The only place that creates real adapters. */
export function compose({
  environment,
  variables,
  cwd,
  signal,
  readOnly,
  conventionsOnly,
  progress,
}: Composing): Services {
  const runner = withGoCollector(realCommandRunner());
  const files = realOutputFiles();
  const caches = cacheDirectory(environment);
  const remembered = caches === undefined ? memoryMemo() : fileMemo(`${caches}/memo`);
  const memo = readOnly ? readOnlyMemo(remembered) : remembered;
  const compressors = blockCompressors();
  const engine = realContainerEngine({ ...environment, ...variables }, signal);
  return {
    environment,
    cwd,
    caches,
    runner,
    engine,
    sync: realTreeSync(engine, environment),
    makeBaseImage: realMakeBaseImage(runner),
    terminal: realTerminal(),
    observer: realTestObserver({ runner, memo, environment }),
    views: realScriptViews(runner),
    checkProgram: checkProgram(),
    openCluster,
    disk: openDisk(),
    files,
    archives: realArchiveWriter(files, compressors),
    images: realImageWriter(files, compressors),
    sboms: realSbomWriter(files),
    registry: realRegistry(files, environment),
    git: realGitReader(runner),
    go: realGoFinder({ runner, memo, offline: readOnly }),
    pinnedTools: realPinnedTools(runner),
    memo,
    seal: userSeal(environment),
    code: treeCode({ environment, conventionsOnly }),
    lock: acquireLock,
    signal,
    progress,
  };
}
