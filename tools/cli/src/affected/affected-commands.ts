import { areTouched } from '@slipway/freshness';
import type { CommandInputs } from '@slipway/model';
import { readInputs } from '../command-inputs.ts';
import type { Asking } from '../world.ts';

/** The commands of the goals that a change of these files, relative to the root, changes. */
export async function affectedCommands(asking: Asking, files: readonly string[]): Promise<CommandInputs[]> {
  const { commands, settings } = await readInputs(asking);
  const all = files.some((file) => settings.includes(file));
  return commands.filter((each) => all || each.problem !== undefined || areTouched(each, files));
}
