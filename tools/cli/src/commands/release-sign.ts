import { resolve } from 'node:path';
import { signPublished, verifyPublished } from '@slipway/inspect';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';
import { isWrong, verified } from './release-verify.ts';

/**
 * Checks a set or a statement about one, and signs it. Signing is separate from building: the person responsible for
 * the result signs. A missing key is created, with its public half beside it.
 */
export async function releaseSign(asking: Asking): Promise<Answer> {
  const [given, keyFile] = asking.args;
  const { cwd, files, signal } = asking.services;
  if (given === undefined || keyFile === undefined || asking.args.length > 2)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release sign needs a directory or a statement, and the file of a private key',
      hint: 'slipway release sign _output/release-tars publisher.pem',
    });
  const path = resolve(cwd, given);
  const findings = await verifyPublished(path, { signal });
  if (findings.some(isWrong)) return verified(path, findings);
  const signature = await signPublished(path, resolve(cwd, keyFile), files);
  return answer([
    `${signature}: anybody with ${keyFile}.pub can check it: slipway release verify ${given} ${keyFile}.pub`,
  ]);
}
