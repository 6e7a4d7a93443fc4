import { type Changes, type ClosureInputs, areTouched } from '@slipway/freshness';
import type { CommandInputs, TreeInputs } from '@slipway/model';

/** The commands that depend on changed files. */
export function touchedCommands(
  { commands, settings }: Pick<TreeInputs, 'commands' | 'settings'>,
  changes: Changes,
): CommandInputs[] {
  const all = changes.files.some((file) => settings.includes(file));
  return commands.filter((each) => all || each.problem !== undefined || areTouched(inputsOf(each), changes));
}

/** Inputs in the tree and outside. */
const inputsOf = ({ dirs, files, beside = { dirs: [], files: [] } }: CommandInputs): ClosureInputs => ({
  dirs: [...dirs, ...beside.dirs],
  files: [...files, ...beside.files],
});
