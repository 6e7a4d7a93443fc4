import { statSync } from 'node:fs';

/** Milliseconds, to be given to a file that is complete: whole seconds, which the clock of a disk that counts finer never shows. */
export const setTime = (now: number): number => Math.floor(now / 1000) * 1000;

/** Whether the file has such a time, and so was not written to since. */
export function hasSetTime(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat !== undefined && stat.mtimeNs % A_SECOND === 0n && stat.ctimeNs % A_SECOND !== 0n;
}

const A_SECOND = 1_000_000_000n;
