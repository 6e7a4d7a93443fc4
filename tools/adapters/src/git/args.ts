import type { GitFacts } from '@slipway/model';
import { TEMPORARY } from '../files/temporary.ts';
import type { GitRequest } from './port.ts';

type Describing = Pick<GitRequest, 'describeArgs' | 'commit'>;

export const describeArguments = ({ describeArgs, commit = 'HEAD' }: Describing): string[] => [
  'describe',
  ...describeArgs,
  `${commit}^{commit}`,
];

/** The same tags are looked at, and only the name is printed. */
export function nearestTagArguments({ describeArgs, commit = 'HEAD' }: Describing): string[] {
  const matching = describeArgs.filter(
    (arg) => !arg.startsWith('--abbrev') && arg !== '--long' && !arg.startsWith('--dirty'),
  );
  return ['describe', ...matching, '--abbrev=0', `${commit}^{commit}`];
}

/** These leave the parts of the long form as git writes them: TAG-COMMITS-gDIGITS. */
const PLAIN = /^--(?:tags|long|first-parent|(?:match|exclude)=.+|abbrev=[1-9]\d*)$/;

/** Arguments whose answer says what `describe` and `nearestTag` are; undefined where git has to be asked for each. */
export const longArguments = ({ describeArgs, commit = 'HEAD' }: Describing): string[] | undefined =>
  describeArgs.every((arg) => PLAIN.test(arg))
    ? ['describe', ...describeArgs, '--long', `${commit}^{commit}`]
    : undefined;

export function parseLong(text: string, { describeArgs }: Describing): Pick<GitFacts, 'describe' | 'nearestTag'> {
  const [long, tag, commits] = /^(.+)-(\d+)-g[0-9a-f]+$/.exec(text.trim()) ?? [];
  if (long === undefined || tag === undefined) return {};
  return { describe: commits === '0' && !describeArgs.includes('--long') ? tag : long, nearestTag: tag };
}

/** Settings of a user and of .gitmodules may hide changes from `git status`; what Go reads is changed all the same. */
const EVERY_CHANGE = ['--untracked-files=normal', '--ignore-submodules=none'];

/** Of the whole repository, whatever is left of a run that was killed: its output, and files it had not finished. */
export const statusArguments = (outputs: readonly string[]): string[] => [
  ...['status', '--porcelain', ...EVERY_CHANGE, '--', ':(top)', `:(top,exclude,glob)**/${TEMPORARY}*`],
  ...outputs.map((path) => `:(exclude,literal)${path}`),
];

/** Beside the commit its time, and as many of its digits as git needs in this repository. */
export const headArguments = ['rev-list', '--max-count=1', '--format=%ct %H %h', 'HEAD', '--'] as const;

export function parseHead(text: string | undefined): Pick<GitFacts, 'commit' | 'commitTime' | 'shortCommit'> {
  const match = /^(\d+) ([0-9a-f]{40,64}) ([0-9a-f]+)$/m.exec(text ?? '');
  return match === null ? {} : { commit: match[2]!, commitTime: Number(match[1]), shortCommit: match[3]! };
}
