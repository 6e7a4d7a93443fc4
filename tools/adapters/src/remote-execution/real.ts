import { throwIfInterrupted } from '../process/interrupted.ts';
import type { ActionResult, Digest } from '../reapi/index.ts';
import { readDigest } from '../remote-cache/contents.ts';
import { type Kept, fetchTo, isWhole, keptResult, meet, readWhole } from './cluster.ts';
import { executeOn } from './attempts.ts';
import { orGivenUp } from './given-up.ts';
import { spreadOver } from './executors.ts';
import { type BuiltAction, buildAction } from './merkle.ts';
import type { RemoteAction, RemoteExecution, RemoteExecutionOptions, RemoteResult, RemoteStage } from './port.ts';
import { madeBy, timesOf } from './result.ts';
import { type Server, openServer, refusesToRun } from './server.ts';
import { shareRuns } from './shared-runs.ts';

/** Connects at the first call. */
export function realRemoteExecution(options: RemoteExecutionOptions): RemoteExecution {
  const servers = new Map<string, Server>();
  const serverAt = (url: string): Server => {
    const server = servers.get(url) ?? openServer(url, options);
    servers.set(url, server);
    return server;
  };
  const executors = spreadOver(options.executors.map(serverAt), options.jobsPerExecutor);
  const cache = serverAt(options.cache ?? options.executors[0]!);
  const runs = shareRuns();
  let met: Promise<Kept> | undefined;
  const meeting = (): Promise<Kept> => {
    met ??= meet(cache, executors.all);
    met.catch(() => (met = undefined));
    return met;
  };
  const cluster: Cluster = { cache, executors, meeting, queueSeconds: options.queueSeconds };
  return {
    async capabilities() {
      const { digestFunction, maxBatchBytes, execution, updateActionCache } = await meeting();
      return { digestFunction, maxBatchBytes, execution, updateActionCache };
    },
    async execute(action, watch) {
      throwIfInterrupted(watch.signal);
      const built = buildAction(action);
      const name = `${built.digest.digest} ${action.acceptCached}`;
      return runs.run(name, watch, (signal, stage) => runAction(cluster, { action, built, signal, stage }));
    },
    async fetch(file, to) {
      await fetchTo(cache, await meeting(), file, to);
    },
    async close() {
      await runs.close();
      for (const server of servers.values()) server.close();
    },
  };
}

interface Cluster {
  readonly cache: Server;
  readonly executors: ReturnType<typeof spreadOver>;
  readonly queueSeconds: number;
  meeting(): Promise<Kept>;
}

interface Run {
  readonly action: RemoteAction;
  readonly built: BuiltAction;
  readonly signal: AbortSignal;
  stage(stage: RemoteStage): void;
}

async function runAction(cluster: Cluster, run: Run): Promise<RemoteResult> {
  const { cache, executors, queueSeconds } = cluster;
  const { action, built, signal, stage } = run;
  const kept = await orGivenUp(cluster.meeting(), signal);
  if (!kept.execution) throw refusesToRun(executors.all[0]!.url);
  stage('cache');
  const found = action.acceptCached ? await keptResult(cache, kept, built.digest, signal) : undefined;
  const restored = found === undefined ? undefined : await readResult(cluster, kept, run, found).catch(() => undefined);
  if (restored !== undefined) {
    stage('completed');
    return { ...restored, cached: true, attempts: 0 };
  }
  stage('upload');
  let sent = await kept.uploads.ensure(built.blobs, signal);
  const { response, attempts } = await executeOn(executors, {
    ...{ action, built, signal, queueSeconds, stage },
    async resend(all) {
      stage('upload');
      const more = await kept.uploads.again(built.blobs, all, signal);
      sent = { blobsUp: sent.blobsUp + more.blobsUp, bytesUp: sent.bytesUp + more.bytesUp };
    },
    isUsable: async ({ result }) => result !== undefined && (await isWhole(cache, kept, result)),
    async hasLostInputs() {
      const more = await kept.uploads.again(built.blobs, false, signal);
      return more.blobsUp > 0;
    },
  });
  stage('download');
  const result = await readResult(cluster, kept, run, response.result!);
  stage('completed');
  const traffic = { ...sent, bytesDown: result.traffic.bytesDown };
  return { ...result, cached: response.cachedResult, attempts, traffic };
}

async function readResult(
  { cache }: Cluster,
  kept: Kept,
  { action }: Run,
  result: ActionResult,
): Promise<RemoteResult> {
  let bytesDown = 0;
  const read = async (blob: ReturnType<typeof readDigest>): Promise<Buffer> => {
    bytesDown += blob.size;
    return readWhole(cache, kept, blob);
  };
  const printed = async (raw: Uint8Array, digest: Digest | undefined): Promise<Buffer> =>
    raw.length > 0 || digest === undefined || digest.hash === '' ? Buffer.from(raw) : read(readDigest(digest));
  const [stdout, stderr] = [
    await printed(result.stdoutRaw, result.stdoutDigest),
    await printed(result.stderrRaw, result.stderrDigest),
  ];
  const made = await madeBy(result, action, read);
  return {
    ...{ exitCode: result.exitCode, stdout, stderr, ...made },
    cached: false,
    worker: result.executionMetadata?.worker || undefined,
    attempts: 1,
    times: timesOf(result.executionMetadata),
    traffic: { bytesUp: 0, blobsUp: 0, bytesDown },
  };
}
