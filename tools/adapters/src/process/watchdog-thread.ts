import { readSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { SignalPipe } from './watchdog.ts';

/** Milliseconds until a signal must be handled, and until a signal that ends the process must have ended it. */
const PATIENCE = 1_500;
const LOOK = 100;

const { reads, writes, message, number, names } = workerData as SignalPipe;
const bytes = Buffer.alloc(64 * message);
let since: number | undefined;

function kill(why: string): void {
  writeSync(
    2,
    `slipway: ${why}, and what it was doing did not end: killed\n  hint: run the same command again: what was finished is kept\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}

/** Everything stays in the pipe. */
function waiting(): string | undefined {
  let length = 0;
  try {
    length = readSync(reads, bytes);
  } catch {
    // The pipe is empty.
  }
  if (length > 0) writeSync(writes, bytes, 0, length);
  return length > 0 && length % message === 0 ? names[bytes.readInt32LE(number)] : undefined;
}

setInterval(() => {
  const name = waiting();
  since = name === undefined ? undefined : (since ?? performance.now());
  if (since !== undefined && performance.now() - since > PATIENCE) kill(`stopped by ${name}`);
}, LOOK);
parentPort?.once('message', () => setTimeout(() => kill('told to end'), PATIENCE + 300));
