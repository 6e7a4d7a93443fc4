import { ActionCache, type OutputFile } from '../reapi/index.ts';
import { connect } from './connection.ts';
import { contentsOf, digestOf, readDigest } from './contents.ts';
import { openLatencyBudget } from './latency-budget.ts';
import type { CachedFile, RemoteCache, RemoteCacheOptions } from './port.ts';

const results = ActionCache.method;

/** Connects at the first call. */
export function realRemoteCache(options: RemoteCacheOptions): RemoteCache {
  const budget = openLatencyBudget(options);
  const connection = connect(options, budget);
  const { instance } = connection;
  return {
    ...contentsOf(connection, budget),
    async result(action) {
      const found = await connection.ask(results.getActionResult, {
        instanceName: instance,
        actionDigest: { hash: action, sizeBytes: ACTION_SIZE },
        inlineStdout: true,
      });
      // Servers that run actions also store failed results.
      if (found === undefined || found.exitCode !== 0) return undefined;
      return { files: found.outputFiles.map(readFile), note: Buffer.from(found.stdoutRaw) };
    },
    async putResult(action, { files, note }) {
      const outputFiles = files.map(({ path, executable, ...blob }) => ({
        path,
        digest: digestOf(blob),
        isExecutable: executable,
      }));
      const actionResult = { outputFiles, stdoutRaw: note };
      await connection.tell(results.updateActionResult, {
        instanceName: instance,
        actionDigest: { hash: action, sizeBytes: ACTION_SIZE },
        actionResult,
      });
    },
    get lost() {
      return budget.lost;
    },
    close: () => connection.close(),
  };
}

/**
 * A part of the name of an action, beside its digest. The action has no content that anybody requests, so any constant
 * size works.
 */
const ACTION_SIZE = 64n;

const readFile = ({ path, digest, isExecutable }: OutputFile): CachedFile => ({
  path,
  executable: isExecutable,
  ...readDigest(digest),
});
