import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KeptTable } from './index-file.ts';
import type { FileStat } from './port.ts';

/** The other thread's look at a row's path. */
export interface AheadLook {
  readonly stat: FileStat;
  /**
   * False: the stat alone proves that nothing changed. True: the thread read the file, and its content equals the row.
   */
  readonly read: boolean;
}

/** Looks at the rows of an index on another thread, ahead of the main thread. */
export interface LookAhead {
  /** Once for each row; undefined: the caller has to look itself. */
  take(row: number): AheadLook | undefined;
  stop(): void;
}

/** Below this number a thread costs more than it saves. */
const FEW_ROWS = 2000;

/** Rows without a leading slash are relative to `prefix`. Undefined if a thread would not help. */
export function lookAhead(table: KeptTable, prefix: string): LookAhead | undefined {
  const { rows } = table;
  if (rows < FEW_ROWS || availableParallelism() < 2) return undefined;
  const states = new Int32Array(new SharedArrayBuffer(rows * Int32Array.BYTES_PER_ELEMENT));
  const stats = new Float64Array(new SharedArrayBuffer(rows * 5 * Float64Array.BYTES_PER_ELEMENT));
  const workerData: LookingAhead = { table, prefix, states, stats, state };
  const worker = new Worker(new URL('./look-ahead-worker.ts', import.meta.url), { execArgv: [], workerData });
  worker.on('error', () => {});
  worker.unref();
  return {
    take(row) {
      // It does not wait, because on a busy machine the thread may not run.
      const found = Atomics.exchange(states, row, state.taken);
      if (found !== state.proven && found !== state.read) return undefined;
      const [dev = 0, ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = stats.subarray(row * 5, row * 5 + 5);
      return { stat: { dev, ino, size, mtimeMs, ctimeMs }, read: found === state.read };
    },
    stop: () => void states.fill(state.taken),
  };
}

/** The state of a row: open, taken by the thread, the thread's result, or taken by the caller. */
const state = { open: 0, looking: 1, proven: 2, read: 3, different: 4, taken: 5 } as const;

/** The input of the thread. */
export interface LookingAhead {
  readonly table: KeptTable;
  readonly prefix: string;
  readonly states: Int32Array;
  readonly stats: Float64Array;
  readonly state: Readonly<Record<'open' | 'looking' | 'proven' | 'read' | 'different', number>>;
}
