import {
  LOG_FORMAT,
  bySection,
  changesIn,
  contributorsOf,
  formatSections,
  parseLog,
  readTag,
  tagPattern,
} from '@slipway/inspect';
import { FailureError, counted, gitEnvironment, gitQuestion } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { touchedCommands } from '../affected/affected-commands.ts';
import { changesOf } from '../affected/changed-files.ts';
import { readInputs } from '../command-inputs.ts';
import type { Asking } from '../services.ts';

/**
 * The pull requests and commits between two tags, by component. A commit changes a component if it changes a file of
 * the component's packages, by the package graph of the work tree. For a tag of a module below the root
 * (`staging/src/x/v0.1.0`), only changes in its directory count.
 */
export async function releaseNotes(asking: Asking): Promise<Answer> {
  const [first, second, more] = asking.args;
  if (first === undefined || more !== undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release notes needs a tag, and the previous tag if that is not the nearest',
      hint: 'slipway release notes v1.2.3 v1.3.0',
    });
  const tree = await asking.tree();
  const git = gitIn(tree.root, asking);
  const to = second ?? first;
  const tag = readTag(to, tree.modules);
  const from = second === undefined ? await tagBefore(to, tag && tagPattern(tag), git) : first;
  const below = tag === undefined || tag.dir === '.' ? '' : `${tag.dir}/`;
  const isBelow = ({ files }: { readonly files: readonly string[] }): boolean =>
    below === '' || files.some((file) => file.startsWith(below));
  const log = parseLog(await git(...LOG_FORMAT, '--end-of-options', `${from}..${to}`));
  const commits = log.filter((commit) => commit.parents.length < 2 && isBelow(commit));
  const changes = changesIn(log).filter(isBelow);
  const told = changes.filter(({ isUntold }) => !isUntold);
  const { commands, settings } = await readInputs(asking.again({ words: [] }));
  // A command with unknown files is not in the list: no commit counts as a change of it.
  const known = { settings, commands: commands.map(({ problem: _unknown, ...each }) => each) };
  const componentsOf = (files: readonly string[]): string[] =>
    touchedCommands(known, changesOf(tree.root, files)).map(({ name }) => name);
  const sections = bySection(told, componentsOf);
  const contributors = contributorsOf(changes);
  const all = new Set(commands.map(({ name }) => name)).size;
  const isHead = (await git('rev-parse', '--verify', `${to}^{commit}`)) === (await git('rev-parse', 'HEAD'));
  const lines = [
    `# ${to}`,
    '',
    `${counted(commits.length, 'commit')} since ${from}.`,
    ...(isHead ? [] : ['', 'Components are those of the packages in the work tree, which is another commit.']),
    ...formatSections(sections, all),
    ...(contributors.length === 0 ? [] : ['', '## Contributors', '', contributors.join(', ')]),
  ];
  return answer(lines, { from, to, sections, contributors });
}

type Git = (...args: string[]) => Promise<string>;

function gitIn(root: string, { services }: Asking): Git {
  return async (...args) => {
    const argv = gitQuestion('-C', root, ...args);
    const result = await services.runner.run({
      argv,
      cwd: root,
      env: gitEnvironment(services.environment),
      signal: services.signal,
    });
    if (result.exit === 0) return result.stdout.trim();
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `git ${args[0]}: ${result.stderr.trim().split('\n')[0]}`,
      hint: 'slipway release notes FROM TO; FROM and TO are tags or commits, for a first release FROM is its first commit',
    });
  };
}

const tagBefore = (to: string, pattern: string | undefined, git: Git): Promise<string> =>
  git(
    'describe',
    '--tags',
    '--abbrev=0',
    ...(pattern === undefined ? [] : [`--match=${pattern}`]),
    '--end-of-options',
    `${to}^`,
  );
