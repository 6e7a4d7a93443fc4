import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readForeign, signStatement } from '@slipway/adapters';
import { FailureError, limits } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { writePrivateKey } from '../key-file.ts';
import type { Asking } from '../world.ts';
import { releaseVerify, signedPlace } from './release-verify.ts';

/**
 * Signs what a set says of itself, or a statement about one, after checking it: another step than building, by whoever answers for the result. The key is
 * made when it is not there, with its public half beside it.
 */
export async function releaseSign(asking: Asking): Promise<Answer> {
  const [given, keyFile] = asking.args;
  const { cwd, files } = asking.world;
  if (given === undefined || keyFile === undefined || asking.args.length > 2)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release sign wants a directory or a statement, and the file of a private key',
      hint: 'slipway release sign _output/release-tars publisher.pem',
    });
  const checked = await releaseVerify({ ...asking, args: [given] });
  if (checked.exit !== 'done') return checked;
  const { dir, statement, signature } = signedPlace(resolve(cwd, given));
  const key = privateKey(resolve(cwd, keyFile), keyFile);
  const read = await readForeign(join(dir, statement), limits.statement.bytes);
  if ('problem' in read) throw new FailureError({ code: 'UNREADABLE', path: join(dir, statement), fact: read.problem });
  const bundle = await signStatement(read.bytes, key);
  await files.writeFileWhole(join(dir, signature), bundle);
  return answer([
    `${join(dir, signature)}: anybody with ${keyFile}.pub can check it: slipway release verify ${given} ${keyFile}.pub`,
  ]);
}

/** ECDSA on P-256, as Sigstore's own tools make it. */
function privateKey(path: string, given: string): string {
  if (!existsSync(path)) {
    if (existsSync(`${path}.pub`))
      throw new FailureError({ code: 'FILE_MISSING', path, why: 'its public half does, so it is not made anew' });
    const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    writePrivateKey(path, made.export({ type: 'pkcs8', format: 'pem' }) as string);
  }
  try {
    const key = createPrivateKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ec') {
      if (!existsSync(`${path}.pub`))
        writeFileSync(`${path}.pub`, createPublicKey(key).export({ type: 'spki', format: 'pem' }));
      return key.export({ type: 'pkcs8', format: 'pem' }) as string;
    }
  } catch {
    // Said below.
  }
  throw new FailureError({
    code: 'BAD_VALUE',
    variable: 'release sign',
    value: given,
    expected: 'an ECDSA private key in PEM',
  });
}
