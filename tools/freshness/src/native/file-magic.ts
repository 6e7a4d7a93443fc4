import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The first bytes of a file as latin1, padded with zeros; undefined if it cannot be read. Does not block on a pipe. */
export function fileMagic(path: string, length: number): string | undefined {
  const head = Buffer.alloc(length);
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      readSync(fd, head, 0, length, 0);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  return head.toString('latin1');
}
