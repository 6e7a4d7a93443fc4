import { once } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { type Message, type MessageName, decode, encode } from './messages.ts';
import { countdown, watchPace } from './patience.ts';
import { RemoteCacheError, type RemoteCacheOptions } from './port.ts';

const V2 = '/build.bazel.remote.execution.v2';

/** Path, request and response of each call. */
const calls = {
  getCapabilities: [`${V2}.Capabilities/GetCapabilities`, 'GetCapabilitiesRequest', 'ServerCapabilities'],
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
  /** Undefined: NOT_FOUND. `milliseconds` beyond the patience of all calls. */
  call<C extends CallName>(name: C, request: Request<C>, milliseconds?: number): Promise<Response<C> | undefined>;
  /** Contents of a resource, in pieces. */
  read(resource: string): AsyncIterable<Uint8Array>;
  /** Resolves early when the server has it already. */
  write(resource: string, pieces: AsyncIterable<Buffer>, size: number): Promise<void>;
  close(): void;
}

const LARGEST_MESSAGE = 64 * 2 ** 20;

export function connect(options: RemoteCacheOptions): Connection {
  const url = new URL(options.url);
  const credentials =
    url.protocol === 'grpcs:'
      ? grpc.credentials.createSsl(options.authority ?? null)
      : grpc.credentials.createInsecure();
  const client = new grpc.Client(url.host, credentials, {
    'grpc.max_receive_message_length': LARGEST_MESSAGE,
    'grpc.max_send_message_length': LARGEST_MESSAGE,
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
  });
  const metadata = (): grpc.Metadata => {
    const result = new grpc.Metadata();
    for (const [name, value] of Object.entries(options.headers)) result.set(name, value);
    return result;
  };
  const running = new Set<{ cancel(): void }>();
  return {
    instance: decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')),
    call: (name, request, milliseconds = 0) =>
      new Promise((done, failed) => {
        const [path, asked, answered] = calls[name];
        let late: RemoteCacheError | undefined;
        const patience = countdown(options.patience + milliseconds, () => {
          late = new RemoteCacheError('it does not answer in time', true);
          call.cancel();
        });
        const call = client.makeUnaryRequest(
          path,
          encode(asked),
          decode(answered),
          request,
          metadata(),
          (error, response) => {
            patience.stop();
            running.delete(call);
            if (error === null) done(response as Response<typeof name>);
            else if (error.code === grpc.status.NOT_FOUND) done(undefined);
            else failed(late ?? troubleOf(error));
          },
        );
        running.add(call);
      }),
    async *read(resource) {
      const stream = client.makeServerStreamRequest(
        '/google.bytestream.ByteStream/Read',
        encode('ReadRequest'),
        decode('ReadResponse'),
        { resourceName: resource },
        metadata(),
      );
      const watch = watchPace(options.pace, () => stream.cancel());
      running.add(stream);
      try {
        for await (const { data } of stream as AsyncIterable<Message<'ReadResponse'>>) {
          if (data === undefined) continue;
          watch.moved(data.length);
          yield data;
        }
      } catch (error) {
        throw watch.slow() ?? troubleOf(error);
      } finally {
        watch.stop();
        running.delete(stream);
        stream.cancel();
      }
    },
    async write(resource, pieces, size) {
      // Nobody waits for it: the server may think, and write to its disk.
      const watch = watchPace({ ...options.pace, grace: 10 * options.pace.grace }, () => stream.cancel());
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
      for (const call of running) call.cancel();
      client.close();
    },
  };
}

/** Whoever is busy, full or does not let us in stays so for this run. */
function troubleOf(error: unknown): RemoteCacheError {
  if (error instanceof RemoteCacheError) return error;
  const { code, details } = error as Partial<grpc.ServiceError>;
  if (code === undefined) return new RemoteCacheError(error instanceof Error ? error.message : String(error), true);
  return new RemoteCacheError(`${grpc.status[code]}${details ? `: ${details}` : ''}`, code !== grpc.status.NOT_FOUND);
}
