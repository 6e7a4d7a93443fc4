import { once } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { limits } from '@slipway/model';
import { type Answer, ByteStream, type Init, type Unary, decode, encode, pathOf } from '../reapi/index.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { countdown, watchPace } from './watch-progress.ts';
import { RemoteCacheError, type RemoteCacheOptions } from './port.ts';
import { trustTheMachine } from '../network/trust-the-machine.ts';

/** One server, spoken to over gRPC. */
export interface Connection {
  readonly instance: string;
  /** Somebody waits for the answer. Undefined: NOT_FOUND. */
  ask<C extends Unary>(method: C, request: Init<C['input']>): Promise<Answer<C> | undefined>;
  /** Nobody waits, but it ends some time. */
  tell<C extends Unary>(method: C, request: Init<C['input']>, bytes?: number): Promise<Answer<C> | undefined>;
  /** Contents of a resource, in pieces. */
  read(resource: string): AsyncIterable<Uint8Array>;
  /** Resolves early when the server has it already. */
  write(resource: string, pieces: AsyncIterable<Buffer>, size: number): Promise<void>;
  close(): void;
}

const { read: reading, write: writing } = ByteStream.method;

/** What nobody waits for may take so much longer: the server may think, and write to its disk. */
const IN_BACKGROUND = 10;

export function connect(options: RemoteCacheOptions, budget: LatencyBudget): Connection {
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
  const grace = IN_BACKGROUND * options.latencyBudget;
  const running = new Set<{ cancel(): void }>();
  const call = <C extends Unary>(
    method: C,
    request: Init<C['input']>,
    limit: (end: (why: RemoteCacheError) => void) => Disposable,
  ): Promise<Answer<C> | undefined> =>
    new Promise((done, failed) => {
      let late: RemoteCacheError | undefined;
      const limited = limit((why) => {
        late = why;
        started.cancel();
      });
      const started = client.makeUnaryRequest(
        pathOf(method),
        encode(method.input),
        decode(method.output),
        request,
        metadata(),
        (error, response) => {
          limited[Symbol.dispose]();
          running.delete(started);
          if (error === null) done(response as Answer<C>);
          else if (error.code === grpc.status.NOT_FOUND) done(undefined);
          else failed(late ?? troubleOf(error));
        },
      );
      running.add(started);
    });
  return {
    instance: decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')),
    ask: (method, request) => call(method, request, (end) => budget.wait(end)),
    tell: (method, request, bytes = 0) =>
      call(method, request, (end) => countdown(grace + (bytes / options.bytesPerSecond) * 1000, end)),
    async *read(resource) {
      let late: RemoteCacheError | undefined;
      const wait = (): Disposable =>
        budget.wait((why) => {
          late = why;
          stream.cancel();
        });
      let waiting = wait();
      const stream = client.makeServerStreamRequest(
        pathOf(reading),
        encode(reading.input),
        decode(reading.output),
        { resourceName: resource },
        metadata(),
      );
      running.add(stream);
      try {
        for await (const { data } of stream as AsyncIterable<{ readonly data: Uint8Array }>) {
          // What is done with it takes its own time.
          waiting[Symbol.dispose]();
          budget.brought(data.length);
          yield data;
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
        pathOf(writing),
        encode(writing.input),
        decode(writing.output),
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
          const message: Init<typeof writing.input> = {
            resourceName: offset === 0 ? resource : '',
            writeOffset: BigInt(offset),
            data,
            finishWrite: offset + data.length === size,
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
