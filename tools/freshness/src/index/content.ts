import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import type * as Crypto from 'node:crypto';
import { saidByGitIndex } from './git-index.ts';

/** Loaded on demand, because it costs 5 ms and the no-op check hashes nothing. */
const crypto = () => (loaded ??= process.getBuiltinModule('node:crypto'));
let loaded: typeof Crypto | undefined;

/** Files up to this size are read in one piece. */
export const WHOLE = 8 << 20;
const START = 1 << 20;
/** One buffer for all reads of a thread. The next read overwrites it. */
let buffer = Buffer.allocUnsafeSlow(0);

export type Contents =
  /** `bytes` is a view into a buffer that the next call overwrites; undefined if the file was too large. */
  { readonly digest: string; readonly bytes: Buffer | undefined } | undefined;

/**
 * Reads and hashes a regular file; undefined if it cannot be read. `size` is an estimate that saves work if it is
 * right.
 */
export function readContents(path: string, size: number): Contents {
  try {
    // Non-blocking, because a pipe may have replaced the file.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return size < WHOLE
        ? readWhole(fd, path, size)
        : { digest: readPieces(fd, crypto().createHash('sha256')), bytes: undefined };
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** Digest of a directory's content: names, kinds and the targets of links; undefined if it cannot be read. */
export function hashNames(dir: string): string | undefined {
  try {
    // latin1 keeps the bytes of names that are not UTF-8.
    const entries = readdirSync(dir, { withFileTypes: true, encoding: 'latin1' });
    const lines = entries.map((entry) => `${entry.name}\0${kindOf(dir, entry)}\0`);
    return crypto().hash('sha256', lines.sort().join(''), 'hex');
  } catch {
    return undefined;
  }
}

/** A digest for unknown content. It equals nothing, not even itself. */
export function unknownDigest(): string {
  return `unknown:${crypto().randomUUID()}`;
}

function readWhole(fd: number, path: string, size: number): Contents {
  if (size >= buffer.length) buffer = Buffer.allocUnsafeSlow(size < START ? START : WHOLE);
  // A short read means the end of the file.
  const read = readSync(fd, buffer, 0, buffer.length, null);
  if (read < buffer.length) {
    const bytes = buffer.subarray(0, read);
    return { digest: crypto().hash('sha256', saidByGitIndex(path, bytes) ?? bytes, 'hex'), bytes };
  }
  return { digest: readPieces(fd, crypto().createHash('sha256').update(buffer)), bytes: undefined };
}

function readPieces(fd: number, sum: Crypto.Hash): string {
  if (buffer.length < START) buffer = Buffer.allocUnsafeSlow(START);
  for (;;) {
    const read = readSync(fd, buffer, 0, buffer.length, null);
    if (read === 0) return sum.digest('hex');
    sum.update(buffer.subarray(0, read));
  }
}

function kindOf(dir: string, entry: Dirent): string {
  if (entry.isFile()) return 'f';
  if (entry.isDirectory()) return 'd';
  if (!entry.isSymbolicLink()) return 'o';
  return `l${readlinkSync(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(entry.name, 'latin1')]), 'latin1')}`;
}
