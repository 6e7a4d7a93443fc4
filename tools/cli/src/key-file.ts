import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, failureOfFileError } from '@slipway/adapters';
import { FailureError } from '@slipway/model';

/** Writes a new private key that only its owner may read; never over a file that is there. */
export function writePrivateKey(path: string, pem: string): void {
  try {
    writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new FailureError({ code: 'FILE_MISSING', path: dirname(path), why: 'a new key was to be written there' });
    throw failureOfFileError(error, path);
  }
}
