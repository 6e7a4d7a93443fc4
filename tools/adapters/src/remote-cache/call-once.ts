import * as grpc from '@grpc/grpc-js';
import { type Answer, type Init, type Unary, decode, encode, pathOf } from '../reapi/index.ts';
import { type OpenCalls, begun, troubleOf } from './open-calls.ts';
import type { RemoteCacheError } from './port.ts';

interface Asked<C extends Unary> {
  readonly method: C;
  readonly request: Init<C['input']>;
  /** Starts the time limit. It calls `end` after a wait that is too long. */
  limit(end: (why: RemoteCacheError) => void): Disposable;
}

/** One request and one answer. Undefined: NOT_FOUND. */
export const callOnce = <C extends Unary>(
  { client, metadata, running }: OpenCalls,
  { method, request, limit }: Asked<C>,
): Promise<Answer<C> | undefined> =>
  new Promise((done, failed) => {
    let late: RemoteCacheError | undefined;
    const answered: grpc.requestCallback<Answer<C>> = (error, response) => {
      limited[Symbol.dispose]();
      running.delete(started);
      if (error === null) done(response);
      else if (error.code === grpc.status.NOT_FOUND) done(undefined);
      else failed(late ?? troubleOf(error));
    };
    const [path, asks, reads] = [pathOf(method), encode(method.input), decode(method.output)];
    const started = begun(() =>
      client.makeUnaryRequest(path, asks, reads as (bytes: Buffer) => Answer<C>, request, metadata(), answered),
    );
    const limited = limit((why) => {
      late = why;
      started.cancel();
    });
    running.add(started);
  });
