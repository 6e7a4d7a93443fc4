import type { Answer, Init, Streamed, Streaming, Unary } from '../reapi/index.ts';
import { callOnce } from './call-once.ts';
import { download } from './download.ts';
import { follow } from './follow.ts';
import type { LatencyBudget } from './latency-budget.ts';
import { openCalls } from './open-calls.ts';
import type { RemoteCacheOptions } from './port.ts';
import { upload } from './upload.ts';
import { countdown } from './watch-progress.ts';

/** One server, spoken to over gRPC, and how long it is waited for: by the budget where somebody waits, by its pace where nobody does. */
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
  /** All that is said, without a limit of time. */
  follow<C extends Streaming>(method: C, request: Init<C['input']>, signal: AbortSignal): AsyncIterable<Streamed<C>>;
  close(): void;
}

/** What nobody waits for may take so much longer: the server may think, and write to its disk. */
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
