import { join } from 'node:path';
import { type Config, type ConfigRelease, type ConfigTarget, type ReleaseTool } from '@slipway/catalog';
import type { PlanNote, StampFlag } from '@slipway/model';
import { conventionalPlatforms, findCommands } from '../conventions.ts';
import { type AskedCommand, askedCommands, sharedTags, targetOf, unusedFlags } from '../makefile/asked-commands.ts';
import { valuesOf } from '../makefile/asked-stamps.ts';
import type { AskedTree } from '../makefile/read-makefile.ts';
import type { PackageRoot } from '../packages.ts';
import type { TreeCode } from '../tree-code.ts';
import type { FoundFile } from './found-files.ts';
import { readGoReleaser } from './goreleaser.ts';
import { readKo } from './ko.ts';
import { readPromu } from './promu.ts';
import { type ReleaseFile, type Told, type Unused, openReleaseFile } from './release-file.ts';

const readers = { goreleaser: readGoReleaser, promu: readPromu, ko: readKo } as const satisfies Record<
  ReleaseTool,
  (file: ReleaseFile) => Told
>;

/** The tree's settings: those of these files first, then those of its Makefile. A command that no file names is built as before. */
export function readReleaseFiles(
  tree: PackageRoot,
  asked: AskedTree | undefined,
  { files, code }: { readonly files: readonly FoundFile[]; readonly code: TreeCode },
): AskedTree | undefined {
  return files.reduceRight<AskedTree | undefined>((known, { tool, file }) => {
    code.allow(tree.root, join(tree.root, file));
    return withFile(tree, known ?? nothing, tool, file);
  }, asked);
}

const nothing: AskedTree = { config: {}, stamps: [], notes: [], questions: [] };

function withFile(tree: PackageRoot, known: AskedTree, tool: ReleaseTool, name: string): AskedTree {
  let file: ReleaseFile;
  try {
    file = openReleaseFile(tree, name, tool);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return { ...known, notes: [...known.notes, { what: name, why: `not used: ${why}` }] };
  }
  const told = readers[tool](file);
  const root = { ...tree, commands: findCommands(tree).commands, aliases: {} };
  const commands = askedCommands(root, told.builds);
  noteLost(file, told, root);
  const stamps = stampsOf(file, told);
  const flags = unusedFlags(told.builds, commands, name).map(({ what }) => ({ what, line: 1 }));
  const own = new Set(stamps.map(variableOf));
  const archives = told.release.archives?.flatMap((archive, at): ConfigRelease['archives'] & object => {
    const held = told.held[at];
    const targets = held && askedCommands(root, held).map(({ target }) => target);
    return targets?.length === 0 ? [] : [{ ...archive, ...(targets === undefined ? {} : { binaries: targets }) }];
  });
  const release = { ...told.release, ...(archives === undefined ? {} : { archives }) };
  const all = root.commands.map(({ target }) => target);
  return {
    ...known,
    config: {
      ...known.config,
      ...built(known.config, commands, all),
      release: { ...known.config.release, ...release },
    },
    stamps: [...known.stamps.filter((stamp) => !own.has(variableOf(stamp))), ...stamps],
    notes: [
      ...known.notes.filter(({ what }) => !commands.some(({ target }) => target === what)),
      ...unusedNote(name, [...file.unused, ...flags]),
    ],
    told: [...(known.told ?? []), summary(name, commands, stamps, archives ?? [])],
  };
}

/** The settings of commands: those of the file first, then those known before. */
function built(
  known: Config,
  commands: readonly AskedCommand[],
  all: readonly string[],
): Pick<Config, 'sets' | 'targets' | 'tags'> {
  if (commands.length === 0) return {};
  const before = known.sets?.client;
  const paths = commands.map(({ target }) => target);
  const others = (before?.targets ?? all).filter((target) => !paths.includes(target));
  const tags = known.tags ?? (others.length === 0 ? sharedTags(commands) : []);
  const said = commands.map((command) => targetOf(command, tags));
  const usual = before?.platforms ?? conventionalPlatforms();
  const named = said.flatMap(({ platforms }) => platforms ?? usual);
  const of = (path: string): ConfigTarget | undefined => known.targets?.find((target) => target.path === path);
  const kept = others.map((path) => ({ platforms: usual, ...of(path), path }));
  return {
    sets: {
      client: {
        targets: [...paths, ...others],
        platforms: [...new Set([...named, ...(others.length === 0 ? [] : usual)])],
      },
    },
    ...(tags.length === 0 ? {} : { tags }),
    targets: [...said.map((target) => ({ ...of(target.path), ...target })), ...kept],
  };
}

/** Each variable once; one that calls set to several values is none. */
function stampsOf(file: ReleaseFile, { builds }: Told): StampFlag[] {
  return [...valuesOf(builds)].flatMap(([variable, values]): StampFlag[] => {
    const [value = ''] = values;
    if (values.size === 1 && /^[\w./~-]+$/.test(variable) && !/['"\n]/.test(value)) {
      const [, word] = /@(\w+)@/.exec(value) ?? [];
      return value === '' ? [] : [{ name: (word ?? 'text') as StampFlag['name'], flag: `-X '${variable}=${value}'` }];
    }
    file.notUsed(`${variable}, which gets several values or one that Go flags cannot hold`, 'builds');
    return [];
  });
}

const variableOf = ({ flag }: StampFlag): string => flag.replace(/=.*$/s, '');

/** One for a file, in the order of its lines. */
function unusedNote(name: string, unused: readonly Unused[]): PlanNote[] {
  const lines = new Map<string, number[]>();
  for (const { what, line } of [...unused].sort((a, b) => a.line - b.line))
    lines.set(what, [...(lines.get(what) ?? []), line]);
  const places = [...lines].map(([what, [first, ...more]]) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return `${what} (${name}:${first}${others})`;
  });
  return places.length === 0 ? [] : [{ what: name, why: `slipway does not use ${places.join(', ')}` }];
}

const summary = (
  name: string,
  commands: readonly AskedCommand[],
  stamps: readonly StampFlag[],
  archives: readonly unknown[],
): string => {
  const targets = commands.map(({ target }) => target).join(', ') || 'none';
  return `${name} says how the tree is built and shipped: commands ${targets}; stamps ${stamps.length}, archives ${archives.length}`;
};

/** A build of which no command is found. */
function noteLost(file: ReleaseFile, { builds }: Told, root: Parameters<typeof askedCommands>[0]): void {
  const lost = builds.filter((build) => askedCommands(root, [build]).length === 0);
  for (const place of new Set(lost.flatMap(({ packages }) => packages)))
    file.notUsed(`builds[].main ${place}`, file.pathOf(place));
}
