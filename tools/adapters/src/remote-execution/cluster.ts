import { rm } from 'node:fs/promises';
import { FailureError, limits } from '@slipway/model';
import {
  ActionCache,
  type ActionResult,
  Capabilities,
  DigestFunction_Value as DigestFunction,
} from '../reapi/index.ts';
import { type Contents, contentsOf, digestOf, largestBatch, readDigest } from '../remote-cache/contents.ts';
import type { Blob } from '../remote-cache/port.ts';
import { status } from '../remote-cache/status.ts';
import type { RemoteCapabilities } from './port.ts';
import { refusedOutput } from './refused-output.ts';
import { type Server, hintFor } from './server.ts';
import { type Uploads, openUploads } from './uploads.ts';

/** The server of contents and results, with its capabilities. */
export interface Kept extends RemoteCapabilities {
  readonly uploads: Uploads;
  readonly contents: Contents;
}

const { getCapabilities } = Capabilities.method;

/** Asks both kinds of servers. The server of contents decides how much one call may contain. */
export async function meet(cache: Server, executors: readonly Server[]): Promise<Kept> {
  const ask = (server: Server) =>
    server.ask('asking what it can', () =>
      server.connection.tell(getCapabilities, { instanceName: server.connection.instance }),
    );
  const said = await ask(cache);
  const keeps = said?.cacheCapabilities;
  const refuse = (where: string, fact: string): FailureError =>
    new FailureError({ code: 'REMOTE_REFUSED', where, fact, hint: hintFor(status.UNIMPLEMENTED, where) });
  if (keeps === undefined || !keeps.digestFunctions.includes(DigestFunction.SHA256))
    throw refuse(cache.url, 'it keeps no contents by sha256');
  const runs = await firstOf(executors, async (server) => (await ask(server))?.executionCapabilities);
  const maxBatchBytes = largestBatch(Number(keeps.maxBatchTotalSizeBytes));
  const contents = contentsOf(cache.connection, cache.budget, maxBatchBytes);
  return {
    digestFunction: 'sha256',
    maxBatchBytes,
    execution: runs?.execEnabled === true,
    updateActionCache: keeps.actionCacheUpdateCapabilities?.updateEnabled === true,
    contents,
    uploads: openUploads(cache, contents, maxBatchBytes),
  };
}

/** One answer of several nodes is enough. */
async function firstOf<T>(servers: readonly Server[], ask: (server: Server) => Promise<T>): Promise<T> {
  return Promise.any(servers.map(ask)).catch((error: AggregateError) => {
    throw error.errors[0];
  });
}

/** The stored result of an action, if it succeeded and all its contents still exist. */
export async function keptResult(
  cache: Server,
  kept: Kept,
  action: Blob,
  signal: AbortSignal,
): Promise<ActionResult | undefined> {
  const { connection } = cache;
  try {
    const request = {
      instanceName: connection.instance,
      actionDigest: digestOf(action),
      inlineStdout: true,
      inlineStderr: true,
    };
    const ask = () => connection.ask(ActionCache.method.getActionResult, request);
    const result = await cache.ask('looking for a result', ask, signal);
    return result !== undefined && (await isWhole(cache, kept, result)) ? result : undefined;
  } catch (error) {
    // A client that may not read results may still run actions.
    if (error instanceof FailureError && error.failures[0]?.code === 'REMOTE_REFUSED') return undefined;
    throw error;
  }
}

/** Reports whether a stored result succeeded and all its contents exist. */
export async function isWhole(cache: Server, { contents }: Kept, result: ActionResult): Promise<boolean> {
  if (result.exitCode !== 0) return false;
  const named = [
    ...result.outputFiles.map(({ digest }) => digest),
    ...result.outputDirectories.map(({ treeDigest }) => treeDigest),
    ...(result.stdoutRaw.length === 0 ? [result.stdoutDigest] : []),
    ...(result.stderrRaw.length === 0 ? [result.stderrDigest] : []),
  ];
  const blobs = named.flatMap((digest) => (digest === undefined || digest.hash === '' ? [] : [readDigest(digest)]));
  return blobs.length === 0 || (await cache.ask('looking for outputs', () => contents.missing(blobs))).length === 0;
}

/** A whole content, in memory. */
export async function readWhole(cache: Server, { contents }: Kept, blob: Blob): Promise<Buffer> {
  if (blob.size > limits.output.bytes) throw refusedOutput.large(blob.digest, blob.size);
  if (blob.size === 0) return Buffer.alloc(0);
  const pieces = async (): Promise<Buffer> => {
    const all: Uint8Array[] = [];
    for await (const piece of contents.stream(blob)) all.push(piece);
    return Buffer.concat(all);
  };
  return refused(blob, () => cache.ask('reading what an action printed', pieces));
}

/** Writes a content to a new file, and removes an incomplete one. */
export async function fetchTo(cache: Server, { contents }: Kept, blob: Blob, to: string): Promise<void> {
  if (blob.size > limits.cache.content) throw refusedOutput.large(blob.digest, blob.size);
  await refused(blob, () =>
    cache.ask('fetching an output', async () => {
      try {
        await contents.download(blob, to);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(to, { force: true });
        throw error;
      }
    }),
  );
}

/** Turns a refusal of a content into a failure of the output: it is wrong, or it is missing. */
async function refused<T>(blob: Blob, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const failure = error instanceof FailureError ? error.failures[0] : undefined;
    if (failure?.code !== 'REMOTE_REFUSED') throw error;
    throw failure.fact.includes('other bytes') ? refusedOutput.wrong(blob.digest) : refusedOutput.gone(blob.digest);
  }
}
