import type { Environment } from './environment.ts';
import type { Facts } from './facts.ts';
import type { Profile } from './request.ts';

interface Dating {
  readonly profile: Profile;
  readonly variables: Environment;
  readonly git: Facts['git'];
  readonly machine: Pick<Facts['machine'], 'now'>;
}

/** The build date in seconds since 1970. Only profile make reads the clock, as the scripts do. */
export function buildSeconds({ profile, variables, git, machine }: Dating): number | undefined {
  const given = variables['SOURCE_DATE_EPOCH'];
  if (given !== undefined && given !== '') return Number(given);
  return profile === 'make' ? machine.now : git.commitTime;
}
