import { parentPort } from 'node:worker_threads';
import { type CopyJob, copyHashed } from './copy-hashed.ts';

// The program of a thread of copy-threads.ts.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
parentPort?.on('message', (job: CopyJob) => parentPort?.postMessage(copyHashed(job)));
