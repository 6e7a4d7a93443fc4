import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import type { Bytes } from './port.ts';

/** Maximum bytes of a file in memory. */
const CHUNK = 1 << 20;

/** The path of a file of an archive. Relative paths are below `root`. */
export const pathOf = (file: string, root: string): string => (isAbsolute(file) ? file : join(root, file));

/** Opening reports a missing file. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** `why` is the purpose of the file, for the message. */
export async function openFile(path: string, why: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new FailureError({ code: 'FILE_MISSING', path, why });
    throw new FailureError({ code: 'UNREADABLE', path, fact: code ?? String(error) });
  }
}

/** Exactly that many bytes. Throws UNREADABLE if the file changes meanwhile. */
export async function* bytesOfFile(file: FileHandle, path: string, size: number): Bytes {
  const changed = (): FailureError =>
    new FailureError({ code: 'UNREADABLE', path, fact: 'it changed while it was read' });
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size));
  let left = size;
  while (left > 0) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK, left), size - left);
    if (bytesRead === 0) throw changed();
    yield chunk.subarray(0, bytesRead);
    left -= bytesRead;
  }
  if ((await file.stat()).size !== size) throw changed();
}
