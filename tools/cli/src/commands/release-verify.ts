import { resolve } from 'node:path';
import { type Finding, openSet, verifyPublished, whatOf } from '@slipway/inspect';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/** Compares a set with its own statements. */
export async function releaseVerify({ args, services }: Asking): Promise<Answer> {
  const [given, keyFile] = args;
  if (given === undefined || args.length > 2)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release verify needs a directory, an address or a statement; the public key of the signer may follow',
      hint: 'slipway release verify _output/release-tars publisher.pem.pub',
    });
  await using set = await openSet(given, services);
  const findings = await verifyPublished(set.path, {
    keyFile: keyFile === undefined ? undefined : resolve(services.cwd, keyFile),
    signal: services.signal,
  });
  return verified(set.isFetched ? given : set.path, findings);
}

/** The findings, one on each line. */
export function verified(directory: string, findings: readonly Finding[]): Answer {
  const said = findings.map((finding) => ({ what: whatOf(finding), wrong: finding.wrong }));
  const wrong = said.filter((each) => each.wrong !== undefined).length;
  const lines = said.map(({ what, wrong: why }) => (why === undefined ? `ok      ${what}` : `WRONG   ${what}: ${why}`));
  const last = wrong === 0 ? `${said.length} checks passed` : `${wrong} of ${said.length} are wrong`;
  return answer([...lines, last], { directory, findings: said }, wrong === 0 ? 'done' : 'verification');
}

export const isWrong = ({ wrong }: Finding): boolean => wrong !== undefined;
