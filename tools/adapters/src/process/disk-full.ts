/** The messages of programs about a full disk. GNU tar has its own, for a write that was cut short. */
export const saysDiskFull = /No space left on device|Wrote only \d+ of \d+ bytes/;
