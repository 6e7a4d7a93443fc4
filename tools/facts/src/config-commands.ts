import { posix } from 'node:path';
import {
  type Command,
  type CommandSet,
  type Failure,
  FailureError,
  type OwnSettings,
  type Platform,
  type SetName,
  type Tree,
  parsePlatform,
} from '@slipway/model';
import { type Config, type ConfigTarget, setNames } from '@slipway/catalog';
import { misnamed } from './misnamed.ts';
import { commandsInCmd, conventionalPlatforms, conventionalSets, findCommands } from './conventions.ts';
import { onNothing } from './config-release.ts';
import type { Rooted } from './disk.ts';
import type { AskedTree } from './makefile/read-makefile.ts';
import { type PackageRoot, commandAt } from './packages.ts';
import { resolveWord } from './resolve-words.ts';

export type Known = Pick<Tree, 'sets' | 'commands' | 'allTargets' | 'leftOut' | 'staticNames'>;

/** Applies a configuration to the commands that were found: which are built, their names, and their linkage. */
export function configCommands(packages: PackageRoot, given: Config = {}, asked: AskedTree['config'] = {}): Known {
  const { commands: conventional, leftOut } = findCommands(packages);
  const config = withAsked(given, asked);
  const made = given.sets === undefined ? (asked.sets?.client?.targets ?? []) : [];
  const isFound = (dir: string): boolean => conventional.some(({ target }) => target === dir);
  const all = [...conventional, ...made.flatMap((dir) => (isFound(dir) ? [] : (commandAt(packages, dir) ?? [])))];
  const found = without(all, config.exclude ?? [], packages);
  const isKept = (dir: string): boolean => found.some(({ target }) => target === dir);
  const sets =
    given.sets !== undefined
      ? configuredSets(given.sets)
      : made.length > 0
        ? configuredSets({ client: { ...asked.sets!.client!, targets: made.filter(isKept) } })
        : conventionalSets(found.map(({ target }) => target));
  const allTargets = [...new Set(Object.values(sets).flatMap((set) => set.targets))];
  const listed = listedCommands({ ...packages, commands: found, aliases: config.aliases ?? {} }, sets);
  const plain = [...listed, ...unlisted([...all, ...commandsInCmd(packages)], listed)];
  const commands = (config.targets ?? []).reduce<readonly Command[]>(
    (known, target) => withSettings(known, target, { ...packages, aliases: config.aliases ?? {} }),
    plain,
  );
  const lost = leftOut.filter(({ what }) => !allTargets.includes(what));
  return { sets, commands, allTargets, leftOut: lost, staticNames: staticNames(commands, packages, config) };
}

/** Uses the Makefile's settings where the configuration has none, for each command and for all. */
function withAsked(config: Config, asked: AskedTree['config']): Config {
  const targets = [...(asked.targets ?? []), ...(config.targets ?? [])].map(({ path }) => path);
  const settings = (path: string, { targets: known = [] }: Config): ConfigTarget | undefined =>
    known.find((target) => target.path === path);
  return {
    ...config,
    targets: [...new Set(targets)].map((path) => ({ path, ...settings(path, asked), ...settings(path, config) })),
  };
}

/** The remaining commands. A path that excludes nothing is an error. */
function without(found: readonly Command[], exclude: readonly string[], tree: Rooted): Command[] {
  const takes = (path: string, { target }: Command): boolean => target === path || target.startsWith(`${path}/`);
  const paths = exclude.map((path) => posix.normalize(path).replace(/(\/\.\.\.)?\/*$/, ''));
  const idle = paths.findIndex((path) => !found.some((command) => takes(path, command)));
  if (idle >= 0)
    throw new FailureError(
      misnamed(tree, exclude[idle]!, {
        before: `exclude names`,
        after: `where no command is found`,
        known: found.map(({ target }) => target),
      }),
    );
  return found.filter((command) => !paths.some((path) => takes(path, command)));
}

function configuredSets(configured: NonNullable<Config['sets']>): Record<SetName, CommandSet> {
  const entries = setNames.map((name): [SetName, CommandSet] => {
    const set = configured[name];
    const platforms = set?.platforms === undefined ? conventionalPlatforms() : parsed(set.platforms);
    return [name, set === undefined ? { targets: [], platforms: [] } : { targets: set.targets, platforms }];
  });
  return Object.fromEntries(entries) as Record<SetName, CommandSet>;
}

const parsed = (platforms: readonly string[]): Platform[] => platforms.flatMap((each) => parsePlatform(each) ?? []);

type Listing = PackageRoot & Pick<Tree, 'commands' | 'aliases'>;

/** The command of each target, with the name in its set. A target that does not exist is an error in the file. */
function listedCommands(tree: Listing, sets: Readonly<Record<SetName, CommandSet>>): Command[] {
  const failures: Failure[] = [];
  const commands = new Map<string, Command>();
  for (const [name, set] of Object.entries(sets)) {
    for (const target of set.targets) {
      const [command] = resolveWord(tree, target);
      if (command !== undefined) commands.set(target, { ...command, target });
      else failures.push(unknownTarget(`sets.${name}.targets`, target, tree));
    }
  }
  if (failures.length > 0) throw new FailureError(...failures);
  return [...commands.values()];
}

const unknownTarget = (field: string, target: string, tree: Listing): Failure =>
  misnamed(tree, target, {
    before: `${field} names`,
    after: 'which is not a Go package of this tree',
    known: tree.commands.map((command) => command.target),
  });

/** Commands that no target lists, each once. */
function unlisted(commands: readonly Command[], listed: readonly Command[]): Command[] {
  const isListed = ({ target, importPath, name }: Command): boolean =>
    listed.some((other) => other.target === target || (other.importPath === importPath && other.name === name));
  const others = commands.filter((command) => !isListed(command));
  return [...new Map(others.map((command) => [command.target, command])).values()];
}

/** Settings of a command apply to every target that lists it. */
function withSettings(
  commands: readonly Command[],
  said: ConfigTarget,
  tree: Omit<Listing, 'commands'>,
): readonly Command[] {
  const [found] = resolveWord({ ...tree, commands }, said.path);
  if (found === undefined) throw new FailureError(unknownTarget('targets', said.path, { ...tree, commands }));
  const isMeant = ({ importPath, kind, name }: Command): boolean =>
    importPath === found.importPath && kind === found.kind && (kind !== 'test' || name === found.name);
  const settled = (command: Command): Command => ({
    ...command,
    ...(said.name === undefined || said.name === command.name ? {} : { name: said.name, renamed: true as const }),
    own: ownSettings(said),
  });
  return commands.some(isMeant)
    ? commands.map((command) => (isMeant(command) ? settled(command) : command))
    : [...commands, settled(found)];
}

const ownSettings = ({ platforms, tags, ldflags, env }: ConfigTarget): OwnSettings => ({
  ...(platforms === undefined ? {} : { platforms: parsed(platforms) }),
  ...(tags === undefined ? {} : { tags }),
  ...(ldflags === undefined ? {} : { ldflags }),
  ...(env === undefined ? {} : { env }),
});

function staticNames(commands: readonly Command[], tree: PackageRoot, config: Config): readonly string[] {
  const names = commands.map(({ name }) => name);
  for (const name of config.static ?? [])
    if (!names.includes(name))
      throw new FailureError(
        misnamed(tree, name, { before: 'static names', after: 'which is not a command', known: names }),
      );
  const aliases = config.aliases ?? {};
  const said = (wanted: boolean): string[] =>
    (config.targets ?? [])
      .filter((target) => target.static === wanted)
      .flatMap(({ path }) => resolveWord({ ...tree, commands, aliases }, path)[0]?.name ?? []);
  const dynamic = said(false);
  return [...new Set([...(config.static ?? []), ...said(true), ...onNothing(config)])].filter(
    (name) => !dynamic.includes(name),
  );
}
