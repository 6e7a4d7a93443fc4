import { lstatSync, mkdirSync } from 'node:fs';
import { FailureError } from '@slipway/model';

/** A directory for this user alone, where others may write beside it. Throws where somebody else was first. */
export function makeOwnDirectory(place: string): void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const found = lstatSync(place);
  if (found.isDirectory() && found.uid === (process.geteuid?.() ?? found.uid) && (found.mode & 0o022) === 0) return;
  throw new FailureError({
    code: 'UNSUPPORTED_TREE',
    fact: `${place}, where Go would work, is not yours alone`,
    hint: 'set XDG_CACHE_HOME or TMPDIR to a directory of your own',
  });
}
