import { lstatSync } from 'node:fs';
import { FailureError } from '@slipway/model';
import { failureOfFileError } from './failure.ts';
import { makeDirectories } from './make-directories.ts';

/** Makes a directory for only this user in a place where others may write. Throws if somebody else made it before. */
export function makeOwnDirectory(place: string): void {
  try {
    makeDirectories(place, 0o700);
  } catch (error) {
    throw failureOfFileError(error, place);
  }
  const found = lstatSync(place);
  if (found.isDirectory() && found.uid === (process.geteuid?.() ?? found.uid) && (found.mode & 0o022) === 0) return;
  throw new FailureError({
    code: 'UNSUPPORTED_TREE',
    fact: `${place}, where Go would work, is not yours alone`,
    hint: 'set XDG_CACHE_HOME or TMPDIR to a directory of your own',
  });
}
