import {
  type Command,
  type Environment,
  type Facts,
  type Platform,
  type PlanNote,
  goTagsOf,
  isGoFlagOn,
  lastGoFlag,
  mayTake,
  parseGoFlags,
} from '@slipway/model';

/** Nobody listed the commands of such a tree: they are the main packages it has. */
export const isSearched = ({ tree }: Facts): boolean => tree.source === 'conventions';

/** As `./...` of Go, a search passes over packages whose build constraints take none of their files on a platform. */
export function takenOn(
  platforms: readonly Platform[],
  commands: readonly Command[],
  { tags, overlay }: SearchFlags,
): { commands: Map<Platform, Command[]>; notes: PlanNote[] } {
  const isTaken = ({ files }: Command, platform: Platform): boolean =>
    files === undefined || files.some((file) => mayTake(file, { platform, tags }));
  return {
    commands: new Map(
      platforms.map((platform) => [platform, commands.filter((command) => isTaken(command, platform))]),
    ),
    notes: [
      ...(overlay ? [{ what: `-overlay=${overlay}`, why: 'commands are those on disk, without what it adds' }] : []),
      ...commands.flatMap((command) => {
        const without = platforms.filter((platform) => !isTaken(command, platform));
        if (without.length === 0) return [];
        return [
          {
            what: command.target,
            why: `left out for ${without.join(', ')}, as build constraints exclude all its files`,
          },
        ];
      }),
    ],
  };
}

/** What is given by the tree, in GOFLAGS, in WHAT, and decides which packages Go finds. */
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

/** Names of a set's commands that all its platforms have: an archive holds the same ones for each. */
export function shippedNames(commands: readonly Command[], platforms: readonly Platform[], facts: Facts): string[] {
  if (!isSearched(facts)) return commands.map(({ name }) => name);
  const taken = [...takenOn(platforms, commands, searchFlags(facts, {}, [])).commands.values()];
  return commands.filter((command) => taken.every((list) => list.includes(command))).map(({ name }) => name);
}
