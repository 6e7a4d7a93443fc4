import { join } from 'node:path';
import { type OutputFiles, readForeign, signStatement, signingKey } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { signedPlace } from './verify-set.ts';

/** Signs the statement of a verified place, and returns the file of the signature. A missing key is created. */
export async function signPublished(path: string, keyFile: string, files: OutputFiles): Promise<string> {
  const { dir, statement, signature } = await signedPlace(path);
  const key = signingKey(keyFile);
  if (key === undefined)
    throw new FailureError({
      code: 'BAD_VALUE',
      variable: 'release sign',
      value: keyFile,
      expected: 'an ECDSA private key in PEM',
    });
  const read = await readForeign(join(dir, statement), limits.statement.bytes);
  if ('problem' in read) throw new FailureError({ code: 'UNREADABLE', path: join(dir, statement), fact: read.problem });
  await files.writeFileWhole(join(dir, signature), await signStatement(read.bytes, key));
  return join(dir, signature);
}
