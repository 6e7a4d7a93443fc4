import type { FailureTexts } from './failure-text.ts';

/** Failures of a tree or of its repository. */
export interface TreeFailures {
  BAD_CONFIG: { readonly file: string; readonly fact: string };
  BAD_SCRIPT: { readonly file: string; readonly fact: string };
  BAD_GO_MOD: { readonly file: string; readonly fact: string };
  VENDOR_MISSING: { readonly root: string; readonly fact: string };
  /** Node returns names as text and loses bytes that are not UTF-8. Such a file is listed but cannot be opened. */
  BAD_NAME: { readonly path: string; readonly why: string };
  BAD_FILE: { readonly path: string; readonly why: string };
  BAD_VERSION: { readonly version: string };
  BAD_VERSION_FILE: { readonly file: string; readonly fact: string };
  UNSUPPORTED_TREE: { readonly fact: string; readonly hint: string };
  /** `mark` is the file or directory in question, `owner` its owner. */
  UNSAFE_TREE: { readonly root: string; readonly mark: string; readonly owner: number; readonly user: number };
  UNTRUSTED_TREE: { readonly root: string; readonly path: string; readonly fact: string };
  /** `dubious` is the repository that git does not trust, if that is the reason. */
  GIT_FAILED: { readonly directory: string; readonly fact: string; readonly dubious: string | undefined };
  /** `name` is a setting of `file`. */
  GIT_PROGRAM: { readonly name: string; readonly file: string };
  OUTPUT_TRACKED: { readonly path: string };
}

export const treeFailures: FailureTexts<TreeFailures> = {
  BAD_CONFIG: {
    exit: 'usage',
    message: (f) => `${f.file}: ${f.fact}`,
    hint: () => 'correct the file, or move it away and run slipway init for a fresh one',
  },
  BAD_SCRIPT: {
    exit: 'failed',
    message: (f) => `${f.file} did not give its lists of commands: ${f.fact}`,
    hint: (f) => `try it alone: bash -c 'source ${f.file}'; or describe the tree in slipway.config.ts (slipway init)`,
  },
  BAD_GO_MOD: {
    exit: 'failed',
    message: (f) => `${f.file}: ${f.fact}`,
    hint: (f) => `correct ${f.file}; \`go mod tidy\` (or \`go work sync\`) lists all problems`,
  },
  VENDOR_MISSING: {
    exit: 'failed',
    message: (f) => `the vendor directory is missing or does not fit go.mod: ${f.fact}`,
    hint: () =>
      'run `go mod vendor` (in a workspace `go work vendor`), or discard your changes with `git checkout -- vendor`',
  },
  BAD_NAME: {
    exit: 'failed',
    message: (f) => `${f.path} has a name that is not UTF-8: ${f.why}`,
    hint: () => 'rename it, or take it away; ls -b shows the bytes of names',
  },
  BAD_FILE: {
    exit: 'failed',
    message: (f) => `${f.path} is not read: ${f.why}`,
    hint: () => 'put a plain file in its place, or take it away',
  },
  BAD_VERSION: {
    exit: 'failed',
    message: (f) => `the version computed from git, ${f.version}, is not a semantic version`,
    hint: () => 'tag the commit vX.Y.Z, or set KUBE_GIT_VERSION=vX.Y.Z',
  },
  BAD_VERSION_FILE: {
    exit: 'usage',
    message: (f) => `KUBE_GIT_VERSION_FILE ${f.file}: ${f.fact}`,
    hint: () => "write lines such as KUBE_GIT_VERSION='v1.2.3' into the file, or unset KUBE_GIT_VERSION_FILE",
  },
  UNSUPPORTED_TREE: { exit: 'usage', message: (f) => f.fact, hint: (f) => f.hint },
  UNSAFE_TREE: {
    exit: 'failed',
    message: (f) =>
      `${f.mark} belongs to user ${f.owner}, and slipway runs as user ${f.user}, so slipway runs no code of ${f.root}`,
    hint: (f) =>
      `if you trust them: git config --global --add safe.directory '${f.root}'; a tree of your own inside it needs its own .git`,
  },
  UNTRUSTED_TREE: {
    exit: 'failed',
    message: (f) => `slipway must run ${f.path} to know the tree, and ${f.fact}`,
    hint: (f) => `look at it, then slipway -C '${f.root}' trust; or --no-config, which runs nothing of the tree`,
  },
  GIT_FAILED: {
    exit: 'failed',
    message: (f) => `git cannot read ${f.directory}: ${f.fact}`,
    hint: (f) =>
      f.dubious === undefined
        ? `git -C '${f.directory}' status shows the same error; repair the repository, or move its .git aside to build without a version`
        : `if you trust its owner: git config --global --add safe.directory '${f.dubious}'`,
  },
  GIT_PROGRAM: {
    exit: 'failed',
    message: (f) =>
      `git would run the program that ${f.name} of ${f.file} names, and --no-config runs nothing of the tree`,
    hint: (f) => `look at it, then git config --file '${f.file}' --unset-all ${f.name}, or leave --no-config out`,
  },
  OUTPUT_TRACKED: {
    exit: 'failed',
    message: (f) => `git tracks files below ${f.path}, so a commit could change what counts as built`,
    hint: (f) => `git rm -r --cached '${f.path}', or choose another place: OUT_DIR=/some/dir`,
  },
};
