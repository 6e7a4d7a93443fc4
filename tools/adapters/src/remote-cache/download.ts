import { ByteStream, decode, encode, pathOf } from '../reapi/index.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { type OpenCalls, begun, troubleOf } from './open-calls.ts';
import type { RemoteCacheError } from './port.ts';

const { read: reading } = ByteStream.method;

/** Contents of a resource, in pieces, as long as they come within the budget. */
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
}
