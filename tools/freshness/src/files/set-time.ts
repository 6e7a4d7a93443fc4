import { statSync } from 'node:fs';

/** Milliseconds for the time of a complete file: whole seconds, which a finer clock of a file system never produces. */
export const setTime = (now: number): number => Math.floor(now / 1000) * 1000;

/** Reports whether the file still has such a time, so nobody wrote to it since. */
export function hasSetTime(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat !== undefined && stat.mtimeNs % A_SECOND === 0n && stat.ctimeNs % A_SECOND !== 0n;
}

const A_SECOND = 1_000_000_000n;
