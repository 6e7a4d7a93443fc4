import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { KeptTable } from './index-file.ts';
import type { FileStat } from './port.ts';

/** What another thread saw at the path of a row. */
export interface AheadLook {
  readonly stat: FileStat;
  /** False: the stat alone proves that nothing changed. True: it had to be read, and holds what the row says. */
  readonly read: boolean;
}

/** Looks at the rows of an index on another thread, so that most are looked at before somebody asks. */
export interface LookAhead {
  /** Once for each row; undefined: whoever asks has to look himself. */
  take(row: number): AheadLook | undefined;
  stop(): void;
}

/** Below it a thread costs more than it saves. */
const FEW_ROWS = 2000;

/** The rows are relative to `prefix`, if they do not begin with a slash. Undefined where it would not pay. */
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
      // Not waited for: on a busy machine the thread may be without a processor.
      const found = Atomics.exchange(states, row, state.taken);
      if (found !== state.proven && found !== state.read) return undefined;
      const [dev = 0, ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = stats.subarray(row * 5, row * 5 + 5);
      return { stat: { dev, ino, size, mtimeMs, ctimeMs }, read: found === state.read };
    },
    stop: () => void states.fill(state.taken),
  };
}

/** Of a row: nobody's yet, the thread's at the moment, what the thread found, or the asker's. */
const state = { open: 0, looking: 1, proven: 2, read: 3, different: 4, taken: 5 } as const;

/** What the thread is given. */
export interface LookingAhead {
  readonly table: KeptTable;
  readonly prefix: string;
  readonly states: Int32Array;
  readonly stats: Float64Array;
  readonly state: Readonly<Record<'open' | 'looking' | 'proven' | 'read' | 'different', number>>;
}
