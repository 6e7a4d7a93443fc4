import { hash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { throwIfInterrupted } from '../process/interrupted.ts';
import { orGivenUp } from './given-up.ts';
import { refusedOutput } from './refused-output.ts';
import type { RemoteAction, RemoteExecution, RemoteOutput, RemoteResult } from './port.ts';

/**
 * The effect of a program of the fake. Outputs are by path, as the action names them; a directory consists of the files
 * below it.
 */
export interface FakeRun {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly outputs?: Readonly<Record<string, string | Buffer>>;
}

export interface FakeRemoteExecution extends RemoteExecution {
  /** The actions that ran, in order, without cached ones. */
  readonly executed: readonly RemoteAction[];
  /** The stored contents, by sha256. */
  readonly contents: Map<string, Buffer>;
}

/**
 * Runs each action by a function, and stores successful results. A failure that the function throws is one of the
 * cluster.
 */
export function fakeRemoteExecution(
  run: (action: RemoteAction, signal: AbortSignal) => FakeRun | Promise<FakeRun>,
): FakeRemoteExecution {
  const executed: RemoteAction[] = [];
  const contents = new Map<string, Buffer>();
  const kept = new Map<string, RemoteResult>();
  const under = new Map<string, Promise<RemoteResult>>();
  const keep = (value: string | Buffer): RemoteOutput => {
    const bytes = Buffer.from(value as string);
    const digest = hash('sha256', bytes);
    contents.set(digest, bytes);
    return { digest, size: bytes.length, executable: false };
  };
  const perform = async (action: RemoteAction, signal: AbortSignal): Promise<RemoteResult> => {
    executed.push(action);
    const {
      exitCode = 0,
      stdout = '',
      stderr = '',
      outputs = {},
    } = await orGivenUp(Promise.resolve(run(action, signal)), signal);
    const made = new Map(Object.entries(outputs).map(([path, bytes]) => [path, keep(bytes)]));
    for (const path of exitCode === 0 ? action.outputPaths : [])
      if (![...made.keys()].some((file) => file === path || file.startsWith(`${path}/`)))
        throw refusedOutput.missing(path);
    return {
      exitCode,
      stdout: Buffer.from(stdout),
      stderr: Buffer.from(stderr),
      outputs: made,
      links: new Map(),
      directories: action.outputPaths.filter((path) => exitCode === 0 && !made.has(path)),
      cached: false,
      worker: 'fake',
      attempts: 1,
      times: { queued: 0, fetched: 0, executed: 0, uploaded: 0 },
      traffic: { bytesUp: 0, blobsUp: 0, bytesDown: 0 },
    };
  };
  return {
    executed,
    contents,
    capabilities: async () => ({
      digestFunction: 'sha256',
      maxBatchBytes: 2 ** 22,
      execution: true,
      updateActionCache: false,
    }),
    async execute(action, { signal, stage }) {
      throwIfInterrupted(signal);
      const name = nameOf(action);
      stage?.('cache');
      const cached = action.acceptCached ? kept.get(name) : undefined;
      if (cached !== undefined) return (stage?.('completed'), { ...cached, cached: true, attempts: 0 });
      stage?.('executing');
      const running = under.get(name) ?? perform(action, signal);
      under.set(name, running);
      try {
        const result = await running;
        if (result.exitCode === 0) kept.set(name, result);
        stage?.('completed');
        return result;
      } finally {
        under.delete(name);
      }
    },
    async fetch({ digest }, to) {
      const bytes = contents.get(digest);
      if (bytes === undefined) throw refusedOutput.gone(digest);
      await writeFile(to, bytes, { flag: 'wx' });
    },
    async close() {},
  };
}

/** Everything that identifies an action, in a fixed order. */
const nameOf = ({ files, links, ...action }: RemoteAction): string =>
  JSON.stringify([
    [...files].map(([path, { digest, executable }]) => [path, digest, executable]).sort(),
    [...links].sort(),
    { ...action, acceptCached: undefined },
  ]);
