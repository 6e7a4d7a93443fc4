import {
  counted,
  type CommandInputs,
  FailureError,
  type TreeInputs,
  gitEnvironment,
  gitQuestion,
} from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { touchedCommands } from '../affected/affected-commands.ts';
import { changesOf } from '../affected/changed-files.ts';
import { readInputs } from '../command-inputs.ts';
import { type Commit, LOG_FORMAT, parseLog } from '../release/commits.ts';
import { readTag, tagPattern } from '../release/module-tags.ts';
import type { Asking } from '../world.ts';

/** Commits that change the same components. */
interface Section {
  /** Names of commands; empty for commits none of them is made of. */
  readonly components: readonly string[];
  readonly commits: readonly Commit[];
}

/** Longer lists of components are told by their number. */
const MOST_NAMED = 4;

/**
 * The commits between two tags, by the components they change: those whose packages have one of the commit's files, as the package
 * graph of the work tree says. Of a tag of a module below the root (`staging/src/x/v0.1.0`) only what changed in its directory.
 */
export async function releaseNotes(asking: Asking): Promise<Answer> {
  const [first, second, more] = asking.args;
  if (first === undefined || more !== undefined)
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: 'release notes wants a tag, and the one before it when that is not the nearest',
      hint: 'slipway release notes v1.2.3 v1.3.0',
    });
  const tree = await asking.tree();
  const git = gitIn(tree.root, asking);
  const to = second ?? first;
  const tag = readTag(to, tree.modules);
  const from = second === undefined ? await tagBefore(to, tag && tagPattern(tag), git) : first;
  const dir = tag === undefined || tag.dir === '.' ? [] : ['--', tag.dir];
  const commits = parseLog(await git(...LOG_FORMAT, '--end-of-options', `${from}..${to}`, ...dir));
  const { commands, settings } = await readInputs(asking.again({ words: [] }));
  const sections = bySection(commits, { commands, settings }, tree.root);
  const isHead = (await git('rev-parse', '--verify', `${to}^{commit}`)) === (await git('rev-parse', 'HEAD'));
  const lines = [
    `# ${to}`,
    '',
    `${counted(commits.length, 'commit')} since ${from}.`,
    ...(isHead ? [] : ['', 'Components are those of the packages in the work tree, which is another commit.']),
    ...sections.flatMap(({ components, commits: list }) => [
      '',
      `## ${titleOf(components, commands)}`,
      '',
      ...list.map(lineOf),
    ]),
  ];
  return answer(lines, { from, to, sections });
}

type Git = (...args: string[]) => Promise<string>;

function gitIn(root: string, { world }: Asking): Git {
  return async (...args) => {
    const argv = gitQuestion('-C', root, ...args);
    const result = await world.runner.run({
      argv,
      cwd: root,
      env: gitEnvironment(world.environment),
      signal: world.signal,
    });
    if (result.exit === 0) return result.stdout.trim();
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `git ${args[0]}: ${result.stderr.trim().split('\n')[0]}`,
      hint: 'slipway release notes FROM TO: tags of this repository (git tag)',
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

function bySection(
  commits: readonly Commit[],
  inputs: Pick<TreeInputs, 'commands' | 'settings'>,
  root: string,
): Section[] {
  // Of a command nobody knows the files of, no commit says that it changes.
  const known = { ...inputs, commands: inputs.commands.map(({ problem: _unknown, ...each }) => each) };
  const sections = Map.groupBy(commits, ({ files }) => {
    const touched = touchedCommands(known, changesOf(root, files));
    return [...new Set(touched.map(({ name }) => name))].sort().join(' ');
  });
  return [...sections]
    .map(([key, list]): Section => ({ components: key.split(' ').filter(Boolean), commits: list }))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.components.join() < b.components.join() ? -1 : 1));
}

/** What changes one component is read by its owners first; what changes none comes last. */
const rankOf = ({ components }: Section): number => (components.length === 0 ? Infinity : components.length);

function titleOf(components: readonly string[], commands: readonly CommandInputs[]): string {
  const all = new Set(commands.map(({ name }) => name)).size;
  if (components.length === 0) return 'Nothing that is built';
  if (components.length === all && all > 1) return 'All components';
  if (components.length <= MOST_NAMED) return components.join(', ');
  return `${components.slice(0, MOST_NAMED - 1).join(', ')} and ${components.length - MOST_NAMED + 1} more`;
}

const lineOf = ({ hash, title, kind, breaking }: Commit): string =>
  `- ${breaking ? '**breaking** ' : ''}${kind === undefined ? '' : `[${kind}] `}${title} (${hash.slice(0, 12)})`;
