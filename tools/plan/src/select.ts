import {
  type Command,
  type Environment,
  type Facts,
  type Failure,
  type GoFlag,
  type Platform,
  type PlanNote,
  type SetName,
  formatGoFlag,
  isExclusion,
  parsePlatform,
  splitGoFlags,
  splitQuoted,
} from '@slipway/model';
import { nearest } from '@slipway/catalog';
import { wordsOf } from './linkage.ts';
import { searchFlags, takenOn } from './taken.ts';

/** The commands to build, each once for each platform, and the words of WHAT that are passed to Go unchanged. */
export interface Selection {
  readonly commands: ReadonlyMap<Platform, readonly Command[]>;
  readonly goFlags: readonly string[];
}

export interface Selecting {
  readonly selection: Selection;
  readonly failures: readonly Failure[];
  readonly notes: readonly PlanNote[];
}

/** `all`: the words of WHAT, else all commands, for KUBE_BUILD_PLATFORMS, else for the host. */
export function selectAll(facts: Facts, variables: Environment, words: readonly string[]): Selecting {
  const wanted = resolve(facts, words);
  const given = platformsOf(variables, facts);
  const platforms = given.platforms.length === 0 ? [facts.machine.platform] : given.platforms;
  const searched = words.every((word) => word.includes('...'));
  const { commands: taken, notes: leftOut } = searched
    ? takenOn(platforms, wanted.commands, searchFlags(facts, variables, goFlagsOf(variables)))
    : { commands: new Map(platforms.map((platform) => [platform, wanted.commands])), notes: [] };
  const selected = [...taken].map(([platform, commands]) => ({
    platform,
    ...(searched && words.length > 0 ? firstOfEachName(commands) : { commands, notes: [] }),
  }));
  const empty =
    words.length === 0
      ? noCommands(
          facts,
          selected.map(({ commands }) => commands),
        )
      : [];
  return {
    selection: {
      commands: new Map(selected.map(({ platform, commands }) => [platform, commands])),
      goFlags: goFlagsOf(variables),
    },
    failures: [...wanted.failures, ...given.failures, ...empty],
    notes: [...(words.length === 0 ? (facts.tree.leftOut ?? []) : []), ...leftOut, ...(selected[0]?.notes ?? [])],
  };
}

/**
 * Commands that a pattern matches were not named. If two have the same name, slipway builds the first; the other one
 * can be named.
 */
function firstOfEachName(commands: readonly Command[]): { commands: Command[]; notes: PlanNote[] } {
  const taken = new Map<string, Command>();
  const notes: PlanNote[] = [];
  for (const command of commands) {
    const first = taken.get(command.name);
    if (first === undefined) taken.set(command.name, command);
    else
      notes.push({
        what: command.target,
        why: `left out, as ${first.target} is built under that name; slipway all WHAT=${command.target} builds it`,
      });
  }
  return { commands: [...taken.values()], notes };
}

/**
 * `cross`: every set for its platforms. A set without a requested platform is left out with a note; the scripts would
 * build it for the host.
 */
export function selectCross(facts: Facts, variables: Environment, words: readonly string[]): Selecting {
  const wanted = resolve(facts, words);
  const given = platformsOf(variables, facts);
  const commands = new Map<Platform, Command[]>();
  const notes: PlanNote[] = [];
  for (const [name, set] of Object.entries(facts.tree.sets)) {
    const members = commandsOf(facts, set.targets).filter(
      (command) => words.length === 0 || includes(wanted.commands, command),
    );
    if (members.length === 0) continue;
    const platforms = narrow(name as SetName, set.platforms, given.platforms, facts, variables);
    if (platforms.length === 0)
      notes.push({ what: `set ${name}`, why: `none of ${set.platforms.join(', ')} is in KUBE_BUILD_PLATFORMS` });
    const on = takenOn(platforms, members, searchFlags(facts, variables, goFlagsOf(variables)));
    notes.push(...on.notes);
    for (const platform of platforms) {
      const list = commands.get(platform) ?? [];
      const more = on.commands.get(platform) ?? [];
      commands.set(platform, [...list, ...more.filter((member) => !includes(list, member))]);
    }
  }
  const strangers = given.platforms.filter((platform) => !allPlatforms(facts).includes(platform));
  const failures = strangers.map((word): Failure => ({
    code: 'UNKNOWN_PLATFORM',
    word,
    nearest: nearest(word, allPlatforms(facts)),
    among: allPlatforms(facts),
  }));
  const empty = words.length === 0 && strangers.length === 0 ? noCommands(facts, [...commands.values()]) : [];
  const ordered = new Map([...commands].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    selection: { commands: ordered, goFlags: goFlagsOf(variables) },
    failures: [...wanted.failures, ...given.failures, ...failures, ...empty],
    notes: [...(words.length === 0 ? (facts.tree.leftOut ?? []) : []), ...notes],
  };
}

/** A request for everything fails if there is nothing. */
const noCommands = ({ tree }: Facts, lists: readonly (readonly Command[])[]): Failure[] =>
  lists.every((list) => list.length === 0) ? [{ code: 'NO_COMMANDS', root: tree.root }] : [];

/** The commands of sets, for this machine. */
export function selectSets(facts: Facts, sets: readonly SetName[]): Selecting {
  const commands = commandsOf(
    facts,
    sets.flatMap((name) => facts.tree.sets[name].targets),
  );
  const selected = commands.length === 0 ? [] : ([[facts.machine.platform, commands]] as const);
  return { selection: { commands: new Map(selected), goFlags: [] }, failures: [], notes: [] };
}

/** The platforms on which a set is built and shipped. */
export const setPlatforms = (set: SetName, facts: Facts, variables: Environment): readonly Platform[] =>
  narrow(set, facts.tree.sets[set].platforms, platformsOf(variables, facts).platforms, facts, variables);

function narrow(
  set: SetName,
  supported: readonly Platform[],
  given: readonly Platform[],
  facts: Facts,
  variables: Environment,
): readonly Platform[] {
  if (given.length > 0) return supported.filter((platform) => given.includes(platform));
  if (variables['KUBE_FASTBUILD'] !== 'true') return supported;
  const arch = facts.machine.platform.split('/')[1];
  const fast = [`linux/${arch}`];
  const builder = variables['KUBE_BUILDER_OS'] ?? facts.machine.platform;
  if (builder.startsWith('darwin') && (set === 'client' || set === 'test')) fast.push(`darwin/${arch}`);
  const narrowed = supported.filter((platform) => fast.includes(platform));
  return narrowed.length > 0 ? narrowed : supported.filter((platform) => platform === 'linux/amd64');
}

function resolve(facts: Facts, words: readonly string[]): { commands: Command[]; failures: Failure[] } {
  if (words.length === 0) return { commands: commandsOf(facts, facts.tree.allTargets), failures: [] };
  const resolved = words.map(
    (word) => facts.words.find((candidate) => candidate.word === word) ?? { word, commands: [] },
  );
  const excluded = resolved.filter(({ word }) => isExclusion(word)).flatMap(({ commands }) => commands);
  const added = resolved.filter(({ word }) => !isExclusion(word));
  const failures = added
    .filter(({ commands }) => commands.length === 0)
    .map(({ word }): Failure => ({ code: 'UNKNOWN_WHAT', word, nearest: nearest(word, knownWords(facts)) }));
  const commands = unique(added.flatMap((each) => each.commands)).filter((command) => !includes(excluded, command));
  return { commands, failures };
}

const knownWords = (facts: Facts): string[] => [
  ...facts.tree.commands.flatMap((command) => [command.target, command.name]),
  ...Object.keys(facts.tree.aliases),
];

export function commandsOf(facts: Facts, names: readonly string[]): Command[] {
  const byTarget = new Map(facts.tree.commands.map((command) => [command.target, command]));
  return unique(names.flatMap((name) => byTarget.get(name) ?? []));
}

const identity = (command: Command): string => `${command.importPath} ${command.name}`;
const includes = (list: readonly Command[], command: Command): boolean =>
  list.some((other) => identity(other) === identity(command));
const unique = (list: readonly Command[]): Command[] => [
  ...new Map(list.map((command) => [identity(command), command])).values(),
];

const allPlatforms = (facts: Facts): Platform[] => [
  ...new Set(Object.values(facts.tree.sets).flatMap((set) => set.platforms)),
];

function platformsOf(variables: Environment, facts: Facts): { platforms: Platform[]; failures: Failure[] } {
  const words = [...new Set(wordsOf(variables['KUBE_BUILD_PLATFORMS']))];
  const known = (word: string): boolean => facts.goPlatforms.some((platform) => platform === word);
  const unknown = words.filter((word) => parsePlatform(word) === undefined || !known(word));
  return {
    platforms: words.filter(known) as Platform[],
    failures: unknown.map((word) => ({ code: 'UNKNOWN_PLATFORM', word, nearest: nearest(word, facts.goPlatforms) })),
  };
}

/** Flags in WHAT, one word each, normalized. */
export const goFlagsOf = (variables: Environment): string[] => readWhat(variables).flags.map(formatGoFlag);

/** Words of WHAT that name something to build, or labels that exclude something. */
export const whatWords = (variables: Environment): string[] => readWhat(variables).words;

/** Flags are Go's, written and quoted as in GOFLAGS or on Go's command line. */
export function readWhat(variables: Environment): { readonly flags: readonly GoFlag[]; readonly words: string[] } {
  const words = splitQuoted(variables['WHAT'] ?? '').filter((word) => word !== '');
  const { flags, rest } = splitGoFlags(words.filter((word) => !isExclusion(word)));
  return { flags, words: [...rest, ...words.filter(isExclusion)] };
}
