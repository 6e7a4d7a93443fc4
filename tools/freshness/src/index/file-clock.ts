import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FileStat } from './port.ts';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** The time of the file system on `dev`. The machine's clock may differ from it and is never used. */
export interface FileTime {
  readonly dev: number;
  readonly ms: number;
}

export type FileClock = () => FileTime | undefined;

/**
 * Reads the clock by writing to `probe`. The answer is at most `maxAge` old and never later than now. An older answer
 * is safe; it only makes more files suspect. Undefined if the probe cannot be written.
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

/**
 * Not strictly needed on the same device, where a later change has a later or equal time. A margin for coarse clocks.
 */
const SAME_DEVICE_MARGIN = 10;
/** The clocks of two file systems, one of them perhaps on a server, may differ. */
const OTHER_DEVICE_MARGIN = 60_000;

/**
 * True if any change after `clock` shows in the stat. Such a change gets a ctime of at least `clock`, and the ctime is
 * lower now. Rounding to doubles keeps the order and the comparison is strict, so this holds for rounded times. A
 * future mtime, which utimes can set, proves nothing and is suspect.
 */
export function isNotRacy(stat: FileStat, clock: FileTime | undefined): boolean {
  if (clock === undefined) return false;
  const limit = clock.ms - (stat.dev === clock.dev ? SAME_DEVICE_MARGIN : OTHER_DEVICE_MARGIN);
  return stat.ctimeMs < limit && stat.mtimeMs < limit;
}

/** Does not follow a link and does not wait for a pipe. */
const PROBE = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function readClock(probe: string): FileTime | undefined {
  try {
    makeDirectories(dirname(probe));
    // Not truncated first, because ext4 then writes to the disk on close.
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
