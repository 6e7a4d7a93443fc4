import type { Environment } from './environment.ts';

export type Profile = 'dev' | 'release' | 'make';

/** What the user typed, unchecked against any tree. */
export interface Request {
  /** Goals in the order given; `all` when none was. */
  readonly targets: readonly string[];
  /** Make's precedence already applied: command line, then environment. Holds names of the catalog only. */
  readonly variables: Environment;
  readonly profile: Profile;
}
