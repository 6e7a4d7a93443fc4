import {
  type Command,
  type Environment,
  type Facts,
  type PackageIn,
  type Platform,
  type PlanNote,
  goTagsOf,
  isGoFlagOn,
  lastGoFlag,
  packageIn,
  parseGoFlags,
} from '@slipway/model';

/**
 * The commands of each platform, without those that the configuration restricts to others, and without those whose
 * build constraints exclude all files. Go's `./...` skips the latter, too.
 */
export function takenOn(
  platforms: readonly Platform[],
  commands: readonly Command[],
  { tags, overlay }: SearchFlags,
): { commands: Map<Platform, Command[]>; notes: PlanNote[] } {
  const isWanted = ({ own }: Command, platform: Platform): boolean => own?.platforms?.includes(platform) !== false;
  const isIn = ({ files }: Command, platform: Platform): PackageIn =>
    files === undefined ? 'command' : packageIn(files, { platform, tags });
  const isBuilt = (command: Command, platform: Platform): boolean => isIn(command, platform) === 'command';
  const isTaken = (command: Command, platform: Platform): boolean =>
    isWanted(command, platform) && isBuilt(command, platform);
  return {
    commands: new Map(
      platforms.map((platform) => [platform, commands.filter((command) => isTaken(command, platform))]),
    ),
    notes: [
      ...(overlay
        ? [{ what: `-overlay=${overlay}`, why: 'slipway uses the commands on disk, without those it adds' }]
        : []),
      ...commands.flatMap((command) => {
        const without = platforms.filter((platform) => isWanted(command, platform) && !isBuilt(command, platform));
        const byReason = Map.groupBy(without, (platform) => whyNot(command, isIn(command, platform)));
        return [...byReason].map(([why, where]) => ({
          what: command.target,
          why: `left out for ${where.join(', ')}, as ${why}`,
        }));
      }),
    ],
  };
}

function whyNot({ files = [] }: Command, state: PackageIn): string {
  const others = [...new Set(files.map(({ name }) => name))];
  switch (state) {
    case 'library':
      return `it is the library ${others.find((name) => name !== 'main')} there`;
    case 'mixed':
      return `its files are of the packages ${others.join(' and ')}`;
    case 'no func main':
      return 'it has no func main';
    default:
      return 'build constraints exclude all its files';
  }
}

/** The flags from the tree, GOFLAGS and WHAT that decide which packages Go finds. */
interface SearchFlags {
  readonly tags: readonly string[];
  readonly overlay: string | undefined;
}

export function searchFlags(
  { tree, environment }: Facts,
  variables: Environment,
  what: readonly string[],
): SearchFlags {
  const goFlags = variables['GOFLAGS'] ?? environment['GOFLAGS'];
  const flags = parseGoFlags({ goFlags, words: [...tree.invocations.cgo.argv, ...what] });
  const implied = (['race', 'msan', 'asan'] as const).filter((name) => isGoFlagOn(flags, name));
  return { tags: [...goTagsOf(flags), ...implied], overlay: lastGoFlag(flags, 'overlay') };
}
