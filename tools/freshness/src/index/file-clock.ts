import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileStat } from './port.ts';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** What time the file system of `dev` says it is. The machine's clock may differ from it, and is never asked. */
export interface FileTime {
  readonly dev: number;
  readonly ms: number;
}

export type FileClock = () => FileTime | undefined;

/**
 * Reads the clock by writing to `probe`. The answer is at most `maxAge` old and never later than the moment of asking; older is
 * safe, it only makes more files suspect. Undefined where nothing can be written.
 */
export function fileClock(probe: string, maxAge = 100): FileClock {
  let at = -Infinity;
  let time: FileTime | undefined;
  return () => {
    const now = performance.now();
    if (now - at >= maxAge) {
      time = readClock(probe);
      at = now;
    }
    return time;
  };
}

/** Not needed where clock and file share a device: then a later change has a later or equal time. For coarse surprises. */
const SAME_DEVICE_MARGIN = 10;
/** Clocks of two file systems (one of them perhaps a server's) may differ. */
const OTHER_DEVICE_MARGIN = 60_000;

/**
 * True if any change after `clock` shows in the stat: the change gets a ctime of at least `clock`, and ctime is below that now.
 * Rounding to doubles keeps order and the comparison is strict, so it holds for the rounded times as well; a mtime in the
 * future, which utimes can make and which proves nothing, is treated as suspect too.
 */
export function isNotRacy(stat: FileStat, clock: FileTime | undefined): boolean {
  if (clock === undefined) return false;
  const limit = clock.ms - (stat.dev === clock.dev ? SAME_DEVICE_MARGIN : OTHER_DEVICE_MARGIN);
  return stat.ctimeMs < limit && stat.mtimeMs < limit;
}

/** A link there is not written through, and a pipe not waited for. */
const PROBE = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function readClock(probe: string): FileTime | undefined {
  try {
    makeDirectories(dirname(probe));
    // Not cut off first: ext4 then writes to the disk as soon as it is closed.
    const fd = openSync(probe, PROBE, 0o644);
    try {
      writeSync(fd, '.', 0);
      const { dev, ctimeMs } = fstatSync(fd);
      return { dev, ms: ctimeMs };
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}
