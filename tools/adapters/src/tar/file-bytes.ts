import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import type { Bytes } from './port.ts';

/** How much of a file is in memory at a time. */
const CHUNK = 1 << 20;

/** Of a file of an archive; what is relative counts from `root`. */
export const pathOf = (file: string, root: string): string => (isAbsolute(file) ? file : join(root, file));

/** What is not there is told when it is opened. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** `why` says what the file is wanted for. */
export async function openFile(path: string, why: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new FailureError({ code: 'FILE_MISSING', path, why });
    throw new FailureError({ code: 'UNREADABLE', path, fact: code ?? String(error) });
  }
}

/** Exactly so many bytes of it: one that changes meanwhile is UNREADABLE. */
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
