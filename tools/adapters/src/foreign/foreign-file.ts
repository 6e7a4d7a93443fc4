import { constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { errorCode } from '../files/error-code.ts';

/** A plain file that somebody else put there. The caller closes it. */
export interface ForeignFile extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly size: number;
}

/** `refused`: files of a set must not be links. `followed`: the user, or a result of the user, named the place. */
export type Links = 'refused' | 'followed';

/**
 * Opens a path that may be anything. It does not wait for the other end of a pipe, opens no device, and reads the same
 * file that it checked. Returns a text with the reason if it does not open it.
 */
export async function openForeign(path: string, links: Links = 'refused'): Promise<ForeignFile | string> {
  try {
    const named = links === 'refused' ? await lstat(path) : await stat(path);
    if (!named.isFile()) return `it is ${kindOf(named)}`;
    // These constants are missing on systems without such files.
    const noFollow = links === 'refused' ? (constants.O_NOFOLLOW ?? 0) : 0;
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noFollow);
    const opened = await handle.stat();
    if (opened.isFile()) return { handle, size: opened.size, [Symbol.asyncDispose]: () => handle.close() };
    await handle.close();
    return `it is ${kindOf(opened)}`;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' ? 'it is missing' : `it cannot be read (${code})`;
  }
}

interface Kind {
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

function kindOf(found: Kind): string {
  if (found.isSymbolicLink()) return 'a link';
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/** The content of a file that is no larger than `most`. */
export type ForeignBytes = { readonly bytes: Buffer } | { readonly problem: string };

export async function readForeign(path: string, most: number, links: Links = 'refused'): Promise<ForeignBytes> {
  const file = await openForeign(path, links);
  if (typeof file === 'string') return { problem: file };
  await using opened = file;
  const tooLarge = { problem: `it has more than ${most} bytes` };
  if (opened.size > most) return tooLarge;
  // The extra byte reveals data that was appended since.
  const buffer = Buffer.allocUnsafe(opened.size + 1);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await opened.handle.read(buffer, filled, buffer.length - filled, filled);
    if (bytesRead === 0) return { bytes: buffer.subarray(0, filled) };
    filled += bytesRead;
  }
  return { problem: 'it grows while it is read' };
}

/** The content in pieces, up to the size at the time of opening. */
export async function* piecesOf({ handle, size }: ForeignFile, piece = 1 << 20): AsyncGenerator<Buffer> {
  for (let at = 0; at < size;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(piece, size - at)), 0, undefined, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
