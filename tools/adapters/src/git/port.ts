import type { Environment, GitFacts } from '@slipway/model';

export interface GitRequest {
  /** A directory of the repository: its root, a worktree's, or one below. */
  readonly root: string;
  /** Arguments of `git describe` before the commit: `['--tags', '--match=v*', '--abbrev=14']`. */
  readonly describeArgs: readonly string[];
  /** The commit to describe; HEAD by default. */
  readonly commit?: string;
  /** `git status` reads the whole tree, so it runs only if its answer is needed. */
  readonly needStatus: boolean;
  /** Directories below `root` whose files do not count as changes. They may not exist. */
  readonly outputs: readonly string[];
  readonly env: Environment;
  readonly signal?: AbortSignal;
}

export interface GitReader {
  /**
   * Facts without an answer (no git, no repository, no commit, no tag) are absent. Throws GIT_FAILED if git refuses.
   * Writes nothing.
   */
  read(request: GitRequest): Promise<GitFacts>;
  /**
   * Reports whether git tracks this path, by its name only; undefined without a repository or git. Throws GIT_FAILED.
   */
  isTracked(
    request: Pick<GitRequest, 'root' | 'env' | 'signal'> & { readonly path: string },
  ): Promise<boolean | undefined>;
  /**
   * Paths below `root` of all files that are tracked, or new and not ignored, sorted; undefined outside of a
   * repository. Throws GIT_FAILED.
   */
  listFiles(request: Pick<GitRequest, 'root' | 'env' | 'signal'>): Promise<string[] | undefined>;
  /** The URL of the repository's origin, `remote.origin.url`. Throws GIT_FAILED. */
  origin(request: Pick<GitRequest, 'root' | 'env' | 'signal'>): Promise<string | undefined>;
}
