import { type Init, type Streamed, type Streaming, decode, encode, pathOf } from '../reapi/index.ts';
import { type OpenCalls, begun, troubleOf } from './open-calls.ts';

/** All messages of a server for one request, without a time limit. An end by `signal` is a RemoteCacheError, too. */
export async function* follow<C extends Streaming>(
  { client, metadata, running }: OpenCalls,
  method: C,
  { request, signal }: { readonly request: Init<C['input']>; readonly signal: AbortSignal },
): AsyncIterable<Streamed<C>> {
  const stream = begun(() =>
    client.makeServerStreamRequest(pathOf(method), encode(method.input), decode(method.output), request, metadata()),
  );
  const cancel = (): void => stream.cancel();
  running.add(stream);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    for await (const message of stream) yield message as Streamed<C>;
  } catch (error) {
    throw troubleOf(error);
  } finally {
    signal.removeEventListener('abort', cancel);
    running.delete(stream);
    stream.on('error', () => {});
    stream.cancel();
  }
}
