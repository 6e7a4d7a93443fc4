import type { Environment } from './environment.ts';

export type Profile = 'dev' | 'release' | 'make';

/** The user's request, not yet checked against a tree. */
export interface Request {
  /** Goals in the given order; `all` without one. */
  readonly targets: readonly string[];
  /** Variables of the catalog, after make's precedence: command line, then environment. */
  readonly variables: Environment;
  readonly profile: Profile;
}
