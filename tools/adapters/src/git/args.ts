import type { GitFacts } from '@slipway/model';
import { TEMPORARY } from '../files/temporary.ts';
import type { GitRequest } from './port.ts';

type Describing = Pick<GitRequest, 'describeArgs' | 'commit'>;

export const describeArguments = ({ describeArgs, commit = 'HEAD' }: Describing): string[] => [
  'describe',
  ...describeArgs,
  `${commit}^{commit}`,
];

/** Considers the same tags, and prints only the name. */
export function nearestTagArguments({ describeArgs, commit = 'HEAD' }: Describing): string[] {
  const matching = describeArgs.filter(
    (arg) => !arg.startsWith('--abbrev') && arg !== '--long' && !arg.startsWith('--dirty'),
  );
  return ['describe', ...matching, '--abbrev=0', `${commit}^{commit}`];
}

/** With these arguments the long form has git's format: TAG-COMMITS-gDIGITS. */
const PLAIN = /^--(?:tags|long|first-parent|(?:match|exclude)=.+|abbrev=[1-9]\d*)$/;

/** Arguments whose answer contains both `describe` and `nearestTag`; undefined if git must be called for each. */
export const longArguments = ({ describeArgs, commit = 'HEAD' }: Describing): string[] | undefined =>
  describeArgs.every((arg) => PLAIN.test(arg))
    ? ['describe', ...describeArgs, '--long', `${commit}^{commit}`]
    : undefined;

export function parseLong(text: string, { describeArgs }: Describing): Pick<GitFacts, 'describe' | 'nearestTag'> {
  const [long, tag, commits] = /^(.+)-(\d+)-g[0-9a-f]+$/.exec(text.trim()) ?? [];
  if (long === undefined || tag === undefined) return {};
  return { describe: commits === '0' && !describeArgs.includes('--long') ? tag : long, nearestTag: tag };
}

/** The user's settings and .gitmodules may hide changes from `git status`, but Go still reads them. */
const EVERY_CHANGE = ['--untracked-files=normal', '--ignore-submodules=none'];

/** For the whole repository, except output and leftovers of killed runs. */
export const statusArguments = (outputs: readonly string[]): string[] => [
  ...['status', '--porcelain', ...EVERY_CHANGE, '--', ':(top)', `:(top,exclude,glob)**/${TEMPORARY}*`],
  ...outputs.map((path) => `:(exclude,literal)${path}`),
];

/** The commit, its time, and its abbreviation in this repository. */
export const headArguments = ['rev-list', '--max-count=1', '--format=%ct %H %h', 'HEAD', '--'] as const;

export function parseHead(text: string | undefined): Pick<GitFacts, 'commit' | 'commitTime' | 'shortCommit'> {
  const match = /^(\d+) ([0-9a-f]{40,64}) ([0-9a-f]+)$/m.exec(text ?? '');
  return match === null ? {} : { commit: match[2]!, commitTime: Number(match[1]), shortCommit: match[3]! };
}
