import { hash } from 'node:crypto';
import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { LookingAhead } from './look-ahead.ts';

// The program of the thread of look-ahead.ts.
lookAtRows(workerData as LookingAhead);

function lookAtRows({ table, prefix, states, stats, state: is }: LookingAhead): void {
  const { bytes, at, rows, flags } = table;
  const paths = Buffer.from(bytes).toString('utf8', at.paths).split('\0');
  const known = new Float64Array(bytes.buffer, bytes.byteOffset + at.stats, rows * 5);
  const buffer = Buffer.allocUnsafeSlow(1 << 20);

  const holds = (path: string, row: number): boolean => {
    // Non-blocking, because a pipe may have replaced the file.
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
    if (isSame && (flag & flags.notRacy) !== 0) return is.proven;
    return !isDirectory && size < buffer.length && holds(path, row) ? is.read : is.different;
  };

  // Rows are needed in about the order in which they are kept. If the main thread overtakes, this thread skips some
  // rows to be ahead again.
  const lead = 64;
  for (let row = 0; row < rows; row++) {
    if (Atomics.compareExchange(states, row, is.open, is.looking) !== is.open) continue;
    let found = is.different;
    try {
      found = look(row);
    } catch {
      // The caller will see the error.
    }
    if (Atomics.compareExchange(states, row, is.looking, found) !== is.looking) row += lead;
  }
}
