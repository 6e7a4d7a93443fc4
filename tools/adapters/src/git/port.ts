import type { Environment, GitFacts } from '@slipway/model';

export interface GitRequest {
  /** A directory of the repository: its root, a worktree's, or one below. */
  readonly root: string;
  /** Arguments of `git describe` before the commit: `['--tags', '--match=v*', '--abbrev=14']`. */
  readonly describeArgs: readonly string[];
  /** What is described; HEAD when absent. */
  readonly commit?: string;
  /** `git status` reads the whole tree: asked only when the answer is wanted. */
  readonly needStatus: boolean;
  /** Directories below `root` whose files count as no changes; there may be none of them. */
  readonly outputs: readonly string[];
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

export interface GitReader {
  /** What is not there is absent: no git, no repository, no commit, no tag. Throws GIT_FAILED where git refuses. Writes nothing. */
  read(request: GitRequest): Promise<GitFacts>;
  /** Whether git has this path, by its name alone; undefined without a repository or git. Throws GIT_FAILED. */
  isTracked(
    request: Pick<GitRequest, 'root' | 'env' | 'signal'> & { readonly path: string },
  ): Promise<boolean | undefined>;
  /** Paths below `root` of everything that is tracked, or new and not ignored, sorted; undefined outside of a repository. Throws GIT_FAILED. */
  listFiles(request: Pick<GitRequest, 'root' | 'env' | 'signal'>): Promise<string[] | undefined>;
  /** Where the repository came from, as it is written down: `remote.origin.url`. Throws GIT_FAILED. */
  origin(request: Pick<GitRequest, 'root' | 'env' | 'signal'>): Promise<string | undefined>;
}
