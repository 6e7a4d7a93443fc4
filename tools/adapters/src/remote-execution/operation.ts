import {
  ExecuteOperationMetadataSchema,
  type ExecuteResponse,
  ExecuteResponseSchema,
  Execution,
  ExecutionStage_Value as Stage,
  Operations,
  type Operation,
  Capabilities,
  unpack,
} from '../reapi/index.ts';
import type { Blob } from '../remote-cache/port.ts';
import { status } from '../remote-cache/status.ts';
import { digestOf } from '../remote-cache/contents.ts';
import { RemoteCacheError } from '../remote-cache/port.ts';
import type { RemoteStage } from './port.ts';
import { troubleIn } from './retry.ts';
import type { Server } from './server.ts';

export interface Asked {
  readonly digest: Blob;
  readonly skipCache: boolean;
  readonly signal: AbortSignal;
  stage(stage: RemoteStage): void;
}

/** One action at one server. */
export interface RunningOperation {
  /** Resolves when the action is done. Throws RemoteCacheError, with the code of the server or of the worker. */
  done(): Promise<ExecuteResponse>;
  /** A broken stream can be resumed. */
  readonly isNamed: boolean;
  /** Asks the server to end it. */
  cancel(): Promise<void>;
}

/** Milliseconds of silence after which a server gets a small request. */
const SILENCE = 30_000;

export function startOperation(server: Server, { digest, skipCache, signal, stage }: Asked): RunningOperation {
  const { connection } = server;
  let name = '';
  const hear = async (operations: AsyncIterable<Operation>, heard: () => void): Promise<ExecuteResponse> => {
    for await (const operation of operations) {
      heard();
      server.answered();
      if (operation.name !== '') name = operation.name;
      if (operation.done) return responseOf(operation);
      // Some servers send another message here.
      const said = stages[unpack(ExecuteOperationMetadataSchema, operation.metadata)?.stage ?? Stage.UNKNOWN];
      if (said !== undefined) stage(said);
    }
    throw new RemoteCacheError('UNAVAILABLE: it ended before the action did', true, status.UNAVAILABLE);
  };
  return {
    get isNamed() {
      return name !== '';
    },
    async done() {
      using alive = watchAlive(server, signal);
      const operations =
        name === ''
          ? connection.follow(
              Execution.method.execute,
              {
                instanceName: connection.instance,
                actionDigest: digestOf(digest),
                skipCacheLookup: skipCache,
                inlineStdout: true,
                inlineStderr: true,
              },
              alive.signal,
            )
          : connection.follow(Execution.method.waitExecution, { name }, alive.signal);
      try {
        return await hear(operations, alive.heard);
      } catch (error) {
        if (error instanceof RemoteCacheError && error.code === status.NOT_FOUND && name !== '') {
          // The server does not know the action, as after a restart.
          name = '';
          throw new RemoteCacheError(error.message, true, status.UNAVAILABLE);
        }
        throw error;
      }
    },
    async cancel() {
      if (name !== '') await connection.tell(Operations.method.cancelOperation, { name }).catch(() => {});
    },
  };
}

const stages: Readonly<Partial<Record<Stage, RemoteStage>>> = {
  [Stage.QUEUED]: 'queued',
  [Stage.EXECUTING]: 'executing',
};

function responseOf({ result }: Operation): ExecuteResponse {
  if (result.case === 'error') throw new RemoteCacheError(result.value.message, false, result.value.code);
  const response = result.case === 'response' ? unpack(ExecuteResponseSchema, result.value) : undefined;
  if (response === undefined) throw new RemoteCacheError('it answers with another message', true, status.DATA_LOSS);
  return response;
}

interface Alive extends Disposable {
  /** Raised by the caller, or when the server is gone. */
  readonly signal: AbortSignal;
  heard(): void;
}

/**
 * A long action is silent, and so is a dead host. HTTP/2 pings would tell them apart, but servers close connections
 * with too many of them. A small request is always allowed.
 */
function watchAlive({ connection }: Server, signal: AbortSignal): Alive {
  const gone = new AbortController();
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heardAt < SILENCE) return;
    heardAt = performance.now();
    connection
      .tell(Capabilities.method.getCapabilities, { instanceName: connection.instance })
      .catch((error: RemoteCacheError) => {
        if (troubleIn(error.code) === 'lost') gone.abort();
      });
  }, SILENCE / 6);
  return {
    signal: AbortSignal.any([signal, gone.signal]),
    heard: () => void (heardAt = performance.now()),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
