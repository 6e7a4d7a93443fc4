import type { Environment } from './environment.ts';

/**
 * The variables of `git rev-parse --local-env-vars` that select a repository. A git hook sets them for its child
 * processes. Slipway removes them, because a tree belongs to the repository that contains it. It keeps the user's
 * settings (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS).
 */
export const repositoryVariables: readonly string[] = [
  ...[
    'GIT_DIR',
    'GIT_COMMON_DIR',
    'GIT_WORK_TREE',
    'GIT_IMPLICIT_WORK_TREE',
    'GIT_PREFIX',
    'GIT_INTERNAL_SUPER_PREFIX',
  ],
  ...['GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_ALTERNATE_OBJECT_DIRECTORIES', 'GIT_SHALLOW_FILE'],
  ...['GIT_GRAFT_FILE', 'GIT_NO_REPLACE_OBJECTS', 'GIT_REPLACE_REF_BASE', 'GIT_REF_FORMAT', 'GIT_CONFIG'],
];

const named = new Set(repositoryVariables);

/** An environment without these variables. Git then searches for the repository from its working directory. */
export const withoutRepository = <E extends Readonly<Record<string, string | undefined>>>(environment: E): E =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !named.has(name))) as E;

/**
 * Settings that make git run programs of a repository on read-only commands. A file system monitor could also hide
 * changes.
 */
const unused = { 'core.fsmonitor': 'false', 'core.hooksPath': '/dev/null', 'log.showSignature': 'false' };

/** A git command that only reads. */
export const gitQuestion = (...args: readonly string[]): string[] => [
  'git',
  ...Object.entries(unused).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ...args,
];

/** The environment of git: it does not write the index, does not prompt, and prints English. */
export const gitEnvironment = (environment: Environment): Environment => ({
  ...withoutRepository(environment),
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // Slipway's own paths state how git must interpret them. With these variables git could report no changes.
  ...Object.fromEntries(['LITERAL', 'GLOB', 'NOGLOB', 'ICASE'].map((how) => [`GIT_${how}_PATHSPECS`, '0'])),
  LC_ALL: 'C',
});
