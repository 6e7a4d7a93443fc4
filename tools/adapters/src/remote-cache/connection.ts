import type { Answer, Init, Streamed, Streaming, Unary } from '../reapi/index.ts';
import { callOnce } from './call-once.ts';
import { download } from './download.ts';
import { follow } from './follow.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { openCalls } from './open-calls.ts';
import type { RemoteCacheOptions } from './port.ts';
import { upload } from './upload.ts';
import { countdown } from './watch-progress.ts';

/**
 * A gRPC connection to one server. The latency budget limits the calls that somebody waits for, and a pace limits the
 * others.
 */
export interface Connection {
  readonly instance: string;
  /** A call that somebody waits for. Undefined: NOT_FOUND. */
  ask<C extends Unary>(method: C, request: Init<C['input']>): Promise<Answer<C> | undefined>;
  /** A call that nobody waits for. It has a time limit, too. */
  tell<C extends Unary>(method: C, request: Init<C['input']>, bytes?: number): Promise<Answer<C> | undefined>;
  /** The content of a resource, in pieces. */
  read(resource: string): AsyncIterable<Uint8Array>;
  /** Resolves early if the server already has the content. */
  write(resource: string, pieces: AsyncIterable<Buffer>, size: number): Promise<void>;
  /** All messages of a stream, without a time limit. */
  follow<C extends Streaming>(method: C, request: Init<C['input']>, signal: AbortSignal): AsyncIterable<Streamed<C>>;
  close(): void;
}

/** Background calls may take this many times longer, because the server may compute and write to its disk. */
const IN_BACKGROUND = 10;

export function connect(options: RemoteCacheOptions, budget: LatencyBudget): Connection {
  const url = new URL(options.url);
  const calls = openCalls(url, options);
  const { bytesPerSecond } = options;
  const grace = IN_BACKGROUND * options.latencyBudget;
  return {
    instance: decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')),
    ask: (method, request) => callOnce(calls, { method, request, limit: (end) => budget.wait(end) }),
    tell: (method, request, bytes = 0) =>
      callOnce(calls, { method, request, limit: (end) => countdown(grace + (bytes / bytesPerSecond) * 1000, end) }),
    read: (resource) => download(calls, resource, budget),
    write: (resource, pieces, size) => upload(calls, { resource, pieces, size }, { bytesPerSecond, grace }),
    follow: (method, request, signal) => follow(calls, method, { request, signal }),
    close() {
      for (const each of calls.running) each.cancel();
      calls.client.close();
    },
  };
}
