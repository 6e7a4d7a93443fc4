import { once } from 'node:events';
import { ByteStream, type Init, decode, encode, pathOf } from '../reapi/index.ts';
import { type OpenCalls, begun, troubleOf } from './open-calls.ts';
import { type Pace, watchPace } from './watch-progress.ts';

const { write: writing } = ByteStream.method;

export interface Upload {
  readonly resource: string;
  readonly pieces: AsyncIterable<Buffer>;
  readonly size: number;
}

/** Sends a resource with a minimum pace. Resolves early if the server already has it. */
export async function upload(
  { client, metadata, running }: OpenCalls,
  { resource, pieces, size }: Upload,
  pace: Pace,
): Promise<void> {
  let ended = false;
  const answer = Promise.withResolvers<void>();
  const answered = (error: unknown): void => {
    ended = true;
    if (error === null) answer.resolve();
    else answer.reject(watch.slow() ?? troubleOf(error));
  };
  const stream = begun(() =>
    client.makeClientStreamRequest(
      pathOf(writing),
      encode(writing.input),
      decode(writing.output),
      metadata(),
      answered,
    ),
  );
  const watch = watchPace(pace, () => stream.cancel());
  answer.promise.catch(() => {});
  running.add(stream);
  // `answer` reports the error. An early answer ends the call before everything is sent.
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
}
