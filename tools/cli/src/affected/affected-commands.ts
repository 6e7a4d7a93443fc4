import { type Changes, type ClosureInputs, areTouched } from '@slipway/freshness';
import type { CommandInputs, TreeInputs } from '@slipway/model';

/** The commands that changes change. */
export function touchedCommands(
  { commands, settings }: Pick<TreeInputs, 'commands' | 'settings'>,
  changes: Changes,
): CommandInputs[] {
  const all = changes.files.some((file) => settings.includes(file));
  return commands.filter((each) => all || each.problem !== undefined || areTouched(inputsOf(each), changes));
}

/** In the tree and beside it. */
const inputsOf = ({ dirs, files, beside = { dirs: [], files: [] } }: CommandInputs): ClosureInputs => ({
  dirs: [...dirs, ...beside.dirs],
  files: [...files, ...beside.files],
});
