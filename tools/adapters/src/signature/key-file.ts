import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FailureError } from '@slipway/model';
import { errorCode } from '../files/error-code.ts';
import { failureOfFileError } from '../files/failure.ts';

/** Writes a new private key that only its owner may read. It never replaces a file. */
export function writePrivateKey(path: string, pem: string): void {
  try {
    writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new FailureError({ code: 'FILE_MISSING', path: dirname(path), why: 'slipway would write a new key there' });
    throw failureOfFileError(error, path);
  }
}

/**
 * The private key in a file, ECDSA on P-256 as Sigstore's own tools make it. A missing file is created, with the public
 * key beside it. Undefined for a file without such a key.
 */
export function signingKey(path: string): string | undefined {
  if (!existsSync(path)) {
    if (existsSync(`${path}.pub`))
      throw new FailureError({
        code: 'FILE_MISSING',
        path,
        why: 'its public half exists, so slipway does not make a new one',
      });
    const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    writePrivateKey(path, made.export({ type: 'pkcs8', format: 'pem' }) as string);
  }
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType !== 'ec') return undefined;
    if (!existsSync(`${path}.pub`))
      writeFileSync(`${path}.pub`, createPublicKey(key).export({ type: 'spki', format: 'pem' }));
    return key.export({ type: 'pkcs8', format: 'pem' }) as string;
  } catch {
    return undefined;
  }
}
