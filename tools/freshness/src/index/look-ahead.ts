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
  const workerData: Work = { table, prefix, states, stats, state };
  const worker = new Worker(`(${lookAtRows.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    execArgv: [],
    workerData,
  });
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

interface Work {
  readonly table: KeptTable;
  readonly prefix: string;
  readonly states: Int32Array;
  readonly stats: Float64Array;
  readonly state: Readonly<Record<'open' | 'looking' | 'proven' | 'read' | 'different', number>>;
}

/** Its text is the program of the thread, so it refers to nothing outside itself. */
function lookAtRows({ table, prefix, states, stats, state: is }: Work): void {
  const { closeSync, constants, openSync, readSync, statSync } = process.getBuiltinModule('node:fs');
  const { hash } = process.getBuiltinModule('node:crypto');
  const { bytes, at, rows, flags } = table;
  const paths = Buffer.from(bytes).toString('utf8', at.paths).split('\0');
  const known = new Float64Array(bytes.buffer, bytes.byteOffset + at.stats, rows * 5);
  const buffer = Buffer.allocUnsafeSlow(1 << 20);

  const holds = (path: string, row: number): boolean => {
    // Not blocking: a pipe may stand by now where a file was.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const read = readSync(fd, buffer, 0, buffer.length, null);
      const digest = hash('sha256', buffer.subarray(0, read), 'buffer');
      return read < buffer.length && digest.compare(bytes, at.digests + row * 32, at.digests + row * 32 + 32) === 0;
    } finally {
      closeSync(fd);
    }
  };
  const look = (row: number): number => {
    const flag = bytes[at.flags + row]!;
    const path = paths[row]!.startsWith('/') ? paths[row]! : prefix + paths[row]!;
    const stat = statSync(path, { throwIfNoEntry: false });
    const isDirectory = (flag & flags.directory) !== 0;
    if (stat === undefined || (isDirectory ? !stat.isDirectory() : !stat.isFile())) return is.different;
    const { dev, ino, size, mtimeMs, ctimeMs } = stat;
    stats.set([dev, ino, size, mtimeMs, ctimeMs], row * 5);
    const isSame = [dev, ino, size, mtimeMs, ctimeMs].every((number, i) => known[row * 5 + i] === number);
    if (isSame && (flag & flags.settled) !== 0) return is.proven;
    return !isDirectory && size < buffer.length && holds(path, row) ? is.read : is.different;
  };

  // Rows are asked for in about the order in which they are kept. Overtaken, it leaves some and is ahead again.
  const lead = 64;
  for (let row = 0; row < rows; row++) {
    if (Atomics.compareExchange(states, row, is.open, is.looking) !== is.open) continue;
    let found = is.different;
    try {
      found = look(row);
    } catch {
      // Whoever asks for it will see what is wrong.
    }
    if (Atomics.compareExchange(states, row, is.looking, found) !== is.looking) row += lead;
  }
}
