import { join } from 'node:path/posix';
import type { Command, Linkage, OwnSettings, Platform } from '@slipway/model';
import { type OutputNames, binaryName, goBinDir } from '../names.ts';

/** Commands for one Go call: the same module, linkage and platform. A test binary is a group of its own. */
export interface GoBuildGroup {
  readonly platform: Platform;
  readonly linkage: Linkage;
  readonly commands: readonly Command[];
  readonly moduleDir: string;
  /** Libraries are compiled without an output file. */
  readonly compileOnly: boolean;
  /** Instrumented for coverage. The binary writes its counters to GOCOVERDIR. */
  readonly cover: boolean;
  /** Settings of a single command, if the configuration has any. */
  readonly own?: OwnSettings;
}

/** The paths where Go writes the binaries of a group, by command. */
export function goOutputs(
  group: GoBuildGroup,
  names: OutputNames,
  host: Platform,
): { command: Command; path: string }[] {
  if (group.compileOnly) return [];
  const dir = goBinDir(names, group.platform, host);
  return group.commands.map((command) => ({ command, path: join(dir, binaryName(command, group.platform)) }));
}
