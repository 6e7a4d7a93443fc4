import { ByteStream, decode, encode, pathOf } from '../reapi/index.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { type OpenCalls, begun, troubleOf } from './open-calls.ts';
import type { RemoteCacheError } from './port.ts';

const { read: reading } = ByteStream.method;

/** The content of a resource, in pieces, while they arrive within the budget. */
export async function* download(
  { client, metadata, running }: OpenCalls,
  resource: string,
  budget: LatencyBudget,
): AsyncIterable<Uint8Array> {
  let late: RemoteCacheError | undefined;
  const wait = (): Disposable =>
    budget.wait((why) => {
      late = why;
      stream.cancel();
    });
  const stream = begun(() =>
    client.makeServerStreamRequest(
      pathOf(reading),
      encode(reading.input),
      decode(reading.output),
      { resourceName: resource },
      metadata(),
    ),
  );
  let waiting = wait();
  running.add(stream);
  try {
    for await (const { data } of stream as AsyncIterable<{ readonly data: Uint8Array }>) {
      // The time of the caller does not count.
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
}
