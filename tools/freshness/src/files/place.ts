import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { isTrouble } from './copy-hashed.ts';
import type { Copied } from './copy-hashed.ts';
import { copyHashedAside } from './copy-threads.ts';
import { errorCode, sweepTemporaries } from '@slipway/adapters';
import { makeDirectories } from '@slipway/adapters/make-directories';

/** A file could not be read or written. `code` is the system's error code. */
export class CopyError extends Error {
  readonly code: string;
  readonly path: string;
  readonly side: 'from' | 'to';

  constructor(at: { readonly side: 'from' | 'to'; readonly path: string }, code: string, message: string) {
    super(message);
    this.name = 'CopyError';
    this.code = code;
    this.path = at.path;
    this.side = at.side;
  }
}

/** Makes `to` a copy of a file that should have this content. Returns whether it has. Throws CopyError. */
export type CopyOf = (from: string, to: string, content: Copied) => Promise<boolean>;

export const copyHashing: CopyOf = async (from, to, { digest, size }) =>
  (await copyVerified(from, to, size)).digest === digest;

/**
 * Makes `to` a copy that later writes to `from` cannot change, and returns the digest of its content. `size` is only an
 * estimate.
 */
export async function copyVerified(from: string, to: string, size: number): Promise<Copied> {
  return (await cloned(from, to)) ? hashed(to, size) : run({ from, to }, size);
}

export const hashed = (path: string, size: number): Promise<Copied> => run({ from: path, to: undefined }, size);

/** Shares blocks (copy on write) if the file system supports it. */
async function cloned(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

async function run(job: { readonly from: string; readonly to: string | undefined }, size: number): Promise<Copied> {
  const result = await copyHashedAside(job, size);
  if (!isTrouble(result)) return result;
  const { side, code, message } = result;
  throw new CopyError({ side, path: side === 'from' ? job.from : (job.to ?? job.from) }, code, message);
}

/** Directories where this process has already removed leftovers. */
const swept = new Set<string>();

/** Creates the directory, and removes leftovers older than this age. */
export async function prepareDirectory(directory: string, milliseconds = 0): Promise<void> {
  makeDirectories(directory);
  if (swept.has(directory)) return;
  swept.add(directory);
  await sweepTemporaries(directory, milliseconds);
}
