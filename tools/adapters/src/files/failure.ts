import { FailureError } from '@slipway/model';
import { errorCode } from './error-code.ts';

/** Why a path cannot be written, by system error. Any other error is a bug of slipway. */
const facts: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'a directory is in the way',
  ENOTEMPTY: 'a directory that is not empty is in the way',
  EEXIST: 'something else is in the way',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'it is in use',
  EIO: 'the disk reports an error',
  ENXIO: 'it is not a file',
  EFBIG: 'the file would be too large',
  EMFILE: 'too many files are open (ulimit -n)',
  ENFILE: 'too many files are open',
};

/** Converts a file system error to a failure; returns other errors unchanged. */
export function failureOfFileError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (error instanceof FailureError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FailureError({ code: 'DISK_FULL', path });
  const fact = facts[code];
  if (fact !== undefined) return new FailureError({ code: 'NOT_WRITABLE', path, fact });
  if (code === 'ENOENT')
    return new FailureError({ code: 'FILE_MISSING', path, why: 'slipway needs it, and it does not exist any more' });
  return error;
}

/** Runs work on `path`, with file system errors turned into failures. */
export async function onPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOfFileError(error, path);
  }
}
