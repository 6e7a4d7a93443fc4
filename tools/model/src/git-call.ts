import type { Environment } from './environment.ts';

/**
 * Of `git rev-parse --local-env-vars`, those that say which repository is meant. A hook of git sets them for all it starts; the
 * repository of a tree is the one it lies in. Settings of the user (GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS) stay.
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

/** What every program is started with: git, wherever it runs, looks for the repository it runs in. */
export const withoutRepository = <E extends Readonly<Record<string, string | undefined>>>(environment: E): E =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !named.has(name))) as E;

/** What a repository may have git run when it is only looked at; a monitor could also keep changes from us. */
const unused = { 'core.fsmonitor': 'false', 'core.hooksPath': '/dev/null', 'log.showSignature': 'false' };

/** A call of git that asks and changes nothing. */
export const gitQuestion = (...args: readonly string[]): string[] => [
  'git',
  ...Object.entries(unused).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ...args,
];

/** What it is called with: it writes no index, asks nobody, and speaks one language. */
export const gitEnvironment = (environment: Environment): Environment => ({
  ...withoutRepository(environment),
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // Ours say how they are meant; with these a look at nothing would find nothing changed.
  ...Object.fromEntries(['LITERAL', 'GLOB', 'NOGLOB', 'ICASE'].map((how) => [`GIT_${how}_PATHSPECS`, '0'])),
  LC_ALL: 'C',
});
