import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FailureOf } from '@slipway/model';

/**
 * Messages, in the language of LC_ALL=C, for a missing repository, commit or tag. Any other refusal of git is an error.
 */
const nothingToSay = [
  /^fatal: bad revision 'HEAD'/m,
  /^fatal: No names found, cannot describe anything/m,
  /^fatal: No (?:annotated )?tags can describe /m,
  /^fatal: Not a valid object name /m,
];
const noRepository = /^fatal: not a git repository \(or any /m;
/** Git was told not to search further up. */
const endsAtMount = /^Stopping at filesystem boundary/m;

/**
 * Reports whether git failed because there is no repository, commit or tag. A repository that git does not recognize
 * still counts as one.
 */
export const isAbsence = (said: string, directory: string): boolean =>
  nothingToSay.some((pattern) => pattern.test(said)) ||
  (noRepository.test(said) && (endsAtMount.test(said) || !inRepository(directory)));

const inRepository = (directory: string): boolean =>
  existsSync(join(directory, '.git')) || (dirname(directory) !== directory && inRepository(dirname(directory)));

export function gitFailure(said: string, directory: string): FailureOf<'GIT_FAILED'> {
  const dubious = /dubious ownership in repository at '(.*)'/.exec(said)?.[1];
  const fact = said.trim().split('\n')[0] || 'git failed and printed nothing';
  return { code: 'GIT_FAILED', directory, fact, dubious };
}
