import type { Action } from '@slipway/model';
import { pathIn } from '../perform/path-in.ts';
import type { Performing } from '../perform/performing.ts';

/** Removes profiles of earlier runs, which would be wrong for a package that fails now. */
export async function removeProfiles(actions: readonly Action[], { plan, files }: Performing): Promise<void> {
  for (const { outputs } of actions) for (const output of outputs) await files.removeTree(pathIn(plan, output));
}

/** The coverage profile is an output of a package, whether its tests passed or not. */
export async function keepProfile(
  { outputs: [output] }: Action,
  profile: string | undefined,
  { plan, files }: Performing,
): Promise<void> {
  if (output === undefined || profile === undefined) return;
  await files.publishFile(profile, pathIn(plan, output), { present: 'other' });
}
