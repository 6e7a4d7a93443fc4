import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { copyHashed } from './copy-hashed.ts';
import type { CopyJob, CopyResult } from './copy-hashed.ts';

/** Below this size a thread costs more than it saves. */
const SMALL = 2 << 20;
const MOST_THREADS = 4;

interface Waiting extends CopyJob {
  readonly size: number;
  done(this: void, result: CopyResult): void;
}

/** Large ones first, so that the threads end together. */
const waiting: Waiting[] = [];
const idle = new Set<Worker>();
let threads = 0;

/** `copyHashed` on another thread for large files, because Node hashes only on the calling thread. */
export async function copyHashedAside(job: CopyJob, size: number): Promise<CopyResult> {
  if (size < SMALL) return copyHashed(job);
  const { promise, resolve } = Promise.withResolvers<CopyResult>();
  waiting.push({ ...job, size, done: resolve });
  waiting.sort((a, b) => b.size - a.size);
  const [worker] = idle;
  if (worker !== undefined) give(worker);
  else if (threads < Math.min(availableParallelism(), MOST_THREADS)) start();
  return promise;
}

function start(): void {
  threads++;
  const worker = new Worker(new URL('./copy-worker.ts', import.meta.url), { execArgv: [] });
  worker.once('online', () => give(worker));
  worker.once('error', () => {
    threads--;
    idle.delete(worker);
    if (threads === 0) for (const job of waiting.splice(0)) job.done(copyHashed(job));
  });
}

/** An idle thread does not keep the process alive, and ends with it. */
function give(worker: Worker): void {
  const job = waiting.shift();
  if (job === undefined) {
    idle.add(worker);
    worker.unref();
    return;
  }
  const { from, to, done } = job;
  const onThreadDied = (): void => done(copyHashed({ from, to }));
  idle.delete(worker);
  worker.ref();
  worker.once('error', onThreadDied);
  worker.once('message', (result: CopyResult) => {
    worker.off('error', onThreadDied);
    done(result);
    give(worker);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
  worker.postMessage({ from, to });
}
