import { once } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { limits } from '@slipway/model';
import { type Message, type MessageName, decode, encode } from './messages.ts';
import type { Account } from './account.ts';
import { countdown, watchPace } from './patience.ts';
import { RemoteCacheError, type RemoteCacheOptions } from './port.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';

const V2 = '/build.bazel.remote.execution.v2';

/** Path, request and response of each call. */
const calls = {
  getActionResult: [`${V2}.ActionCache/GetActionResult`, 'GetActionResultRequest', 'ActionResult'],
  updateActionResult: [`${V2}.ActionCache/UpdateActionResult`, 'UpdateActionResultRequest', 'ActionResult'],
  findMissingBlobs: [
    `${V2}.ContentAddressableStorage/FindMissingBlobs`,
    'FindMissingBlobsRequest',
    'FindMissingBlobsResponse',
  ],
  batchUpdateBlobs: [
    `${V2}.ContentAddressableStorage/BatchUpdateBlobs`,
    'BatchUpdateBlobsRequest',
    'BatchUpdateBlobsResponse',
  ],
  batchReadBlobs: [`${V2}.ContentAddressableStorage/BatchReadBlobs`, 'BatchReadBlobsRequest', 'BatchReadBlobsResponse'],
} as const satisfies Readonly<Record<string, readonly [string, MessageName, MessageName]>>;

type CallName = keyof typeof calls;
type Request<C extends CallName> = Message<(typeof calls)[C][1]>;
type Response<C extends CallName> = Message<(typeof calls)[C][2]>;

/** One server, spoken to over gRPC. */
export interface Connection {
  readonly instance: string;
  /** Somebody waits for the answer. Undefined: NOT_FOUND. */
  ask<C extends CallName>(name: C, request: Request<C>): Promise<Response<C> | undefined>;
  /** Nobody waits, but it ends some time. */
  tell<C extends CallName>(name: C, request: Request<C>, bytes?: number): Promise<Response<C> | undefined>;
  /** Contents of a resource, in pieces. */
  read(resource: string): AsyncIterable<Uint8Array>;
  /** Resolves early when the server has it already. */
  write(resource: string, pieces: AsyncIterable<Buffer>, size: number): Promise<void>;
  close(): void;
}

/** What nobody waits for may take so much longer: the server may think, and write to its disk. */
const IN_BACKGROUND = 10;

export function connect(options: RemoteCacheOptions, account: Account): Connection {
  const url = new URL(options.url);
  const client = new grpc.Client(url.host, credentialsOf(url, options), {
    'grpc.max_receive_message_length': limits.cache.message,
    'grpc.max_send_message_length': limits.cache.message,
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
  });
  const metadata = (): grpc.Metadata => {
    const result = new grpc.Metadata();
    for (const [name, value] of Object.entries(options.headers)) result.set(name, value);
    return result;
  };
  const grace = IN_BACKGROUND * options.patience;
  const running = new Set<{ cancel(): void }>();
  const call = <C extends CallName>(
    name: C,
    request: Request<C>,
    limit: (end: (why: RemoteCacheError) => void) => Disposable,
  ): Promise<Response<C> | undefined> =>
    new Promise((done, failed) => {
      const [path, asked, answered] = calls[name];
      let late: RemoteCacheError | undefined;
      const limited = limit((why) => {
        late = why;
        started.cancel();
      });
      const started = client.makeUnaryRequest(
        path,
        encode(asked),
        decode(answered),
        request,
        metadata(),
        (error, response) => {
          limited[Symbol.dispose]();
          running.delete(started);
          if (error === null) done(response as Response<C>);
          else if (error.code === grpc.status.NOT_FOUND) done(undefined);
          else failed(late ?? troubleOf(error));
        },
      );
      running.add(started);
    });
  return {
    instance: decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')),
    ask: (name, request) => call(name, request, (end) => account.wait(end)),
    tell: (name, request, bytes = 0) =>
      call(name, request, (end) => countdown(grace + (bytes / options.bytesPerSecond) * 1000, end)),
    async *read(resource) {
      let late: RemoteCacheError | undefined;
      const wait = (): Disposable =>
        account.wait((why) => {
          late = why;
          stream.cancel();
        });
      let waiting = wait();
      const stream = client.makeServerStreamRequest(
        '/google.bytestream.ByteStream/Read',
        encode('ReadRequest'),
        decode('ReadResponse'),
        { resourceName: resource },
        metadata(),
      );
      running.add(stream);
      try {
        for await (const { data } of stream as AsyncIterable<Message<'ReadResponse'>>) {
          // What is done with it takes its own time.
          waiting[Symbol.dispose]();
          if (data !== undefined) {
            account.brought(data.length);
            yield data;
          }
          waiting = wait();
        }
      } catch (error) {
        throw late ?? troubleOf(error);
      } finally {
        waiting[Symbol.dispose]();
        running.delete(stream);
        stream.cancel();
      }
    },
    async write(resource, pieces, size) {
      const watch = watchPace({ bytesPerSecond: options.bytesPerSecond, grace }, () => stream.cancel());
      let ended = false;
      const answer = Promise.withResolvers<void>();
      const stream = client.makeClientStreamRequest(
        '/google.bytestream.ByteStream/Write',
        encode('WriteRequest'),
        decode('WriteResponse'),
        metadata(),
        (error) => {
          ended = true;
          if (error === null) answer.resolve();
          else answer.reject(watch.slow() ?? troubleOf(error));
        },
      );
      answer.promise.catch(() => {});
      running.add(stream);
      // The answer has it; an early one ends the call before all is sent.
      stream.on('error', () => {});
      try {
        let offset = 0;
        for await (const data of pieces) {
          if (ended) break;
          const message: Message<'WriteRequest'> = {
            ...(offset === 0 ? { resourceName: resource } : { writeOffset: offset }),
            data,
            ...(offset + data.length === size ? { finishWrite: true } : {}),
          };
          offset += data.length;
          if (!stream.write(message) && !ended) await Promise.race([once(stream, 'drain'), answer.promise]);
          watch.moved(data.length);
        }
        stream.end();
        await answer.promise;
      } catch (error) {
        stream.cancel();
        throw error;
      } finally {
        watch.stop();
        running.delete(stream);
      }
    },
    close() {
      for (const each of running) each.cancel();
      client.close();
    },
  };
}

function credentialsOf(url: URL, { authority, identity }: RemoteCacheOptions): grpc.ChannelCredentials {
  if (url.protocol !== 'grpcs:') return grpc.credentials.createInsecure();
  if (authority === undefined) trustTheMachine();
  return grpc.credentials.createSsl(authority ?? null, identity?.key ?? null, identity?.certificate ?? null);
}

/** Whoever is busy, full or does not let us in stays so for this run. */
function troubleOf(error: unknown): RemoteCacheError {
  if (error instanceof RemoteCacheError) return error;
  const { code, details } = error as Partial<grpc.ServiceError>;
  if (code === undefined) return new RemoteCacheError(error instanceof Error ? error.message : String(error), true);
  return new RemoteCacheError(`${grpc.status[code]}${details ? `: ${details}` : ''}`, code !== grpc.status.NOT_FOUND);
}
