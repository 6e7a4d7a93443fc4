/** How programs say that a disk is full; GNU tar, whose last write was cut short by it, in words of its own. */
export const saysDiskFull = /No space left on device|Wrote only \d+ of \d+ bytes/;
