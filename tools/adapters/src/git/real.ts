import { FailureError, type GitFacts, gitEnvironment, gitQuestion } from '@slipway/model';
import { throwIfInterrupted } from '../process/interrupted.ts';
import type { CommandResult, CommandRunner } from '../process/port.ts';
import {
  describeArguments,
  headArguments,
  longArguments,
  nearestTagArguments,
  parseHead,
  parseLong,
  statusArguments,
} from './args.ts';
import type { GitReader, GitRequest } from './port.ts';
import { gitFailure, isAbsence } from './refusal.ts';
import { tagState } from './tag-state.ts';
import { hasUnseenChange, markedArguments } from './unseen-changes.ts';

export function realGitReader(runner: CommandRunner): GitReader {
  return {
    read: (request) => read(request, runner),
    async isTracked({ path, ...request }) {
      const text = await output(runner, ['ls-files', '--', `:(literal)${path}`], request, () => {});
      return text === undefined ? undefined : text !== '';
    },
    async origin(request) {
      const text = await output(runner, ['config', '--default', '', '--get', 'remote.origin.url'], request, () => {});
      return text?.trim() || undefined;
    },
    async listFiles(request) {
      const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
      const text = await output(runner, args, request, () => {});
      return text
        ?.split('\0')
        .filter((path) => path !== '')
        .sort();
    },
  };
}

async function read(request: GitRequest, runner: CommandRunner): Promise<GitFacts> {
  let installed = true;
  // This comes first, so that the next run detects a change between the two.
  const state = tagState(request.root);
  const git = (args: readonly string[]): Promise<string | undefined> =>
    output(runner, args, request, () => void (installed = false));
  const [head, tags, status, marked, branch] = await Promise.all([
    git(headArguments),
    readTags(request, git),
    request.needStatus ? git(statusArguments(request.outputs)) : undefined,
    request.needStatus ? git(markedArguments) : undefined,
    request.needStatus ? git(['rev-parse', '--abbrev-ref', 'HEAD', '--']) : undefined,
  ]);
  return {
    ...parseHead(head),
    ...(status === undefined ? {} : { clean: status === '' && !hasUnseenChange(marked ?? '', request.root) }),
    ...(branch === undefined ? {} : { branch: branch.split('\n')[0]! }),
    ...tags,
    ...(installed && state !== undefined ? { tagState: state } : {}),
    shallow: tags.describe === undefined && (await git(['rev-parse', '--is-shallow-repository']))?.trim() === 'true',
    ...(installed ? {} : { installed: false }),
  };
}

async function readTags(
  request: GitRequest,
  git: (args: readonly string[]) => Promise<string | undefined>,
): Promise<Pick<GitFacts, 'describe' | 'nearestTag'>> {
  const long = longArguments(request);
  if (long !== undefined) return parseLong((await git(long)) ?? '', request);
  const [describe, nearestTag] = await Promise.all([
    git(describeArguments(request)),
    git(nearestTagArguments(request)),
  ]);
  return {
    ...(describe ? { describe: describe.trim() } : {}),
    ...(nearestTag ? { nearestTag: nearestTag.trim() } : {}),
  };
}

/** The output of git; undefined without git, a repository, a commit or a tag. Throws GIT_FAILED for other errors. */
async function output(
  runner: CommandRunner,
  args: readonly string[],
  request: Pick<GitRequest, 'root' | 'env' | 'signal'>,
  onMissing: () => void,
): Promise<string | undefined> {
  const { signal, root } = request;
  let result: CommandResult;
  try {
    result = await runner.run({
      argv: gitQuestion(...args),
      cwd: root,
      env: gitEnvironment(request.env),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throwIfInterrupted(signal);
    if (!(error instanceof FailureError)) throw error;
    if (error.failures[0]?.code === 'TOOL_MISSING') onMissing();
    return undefined;
  }
  if (result.exit === 0) return result.stdout;
  if (isAbsence(result.stderr, root)) return undefined;
  throw new FailureError(gitFailure(result.stderr, root));
}
