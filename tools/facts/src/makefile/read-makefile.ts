import { posix } from 'node:path';
import type { AskedMakefile, PlanNote, StampFlag } from '@slipway/model';
import type { Config, ConfigTarget } from '@slipway/catalog';
import { conventionalPlatforms, findCommands } from '../conventions.ts';
import { findProgram } from '../environment.ts';
import type { PackageRoot } from '../packages.ts';
import { type AskedCommand, askedCommands, sharedTags, targetOf, unusedFlags } from './asked-commands.ts';
import { askedStamps } from './asked-stamps.ts';
import { type Late, type MakeAnswer, type MakeQuestion, askMake } from './ask-make.ts';
import { copied, makefileIn } from './copied.ts';

/** The settings in a tree's Makefiles, as a configuration. */
export interface AskedTree {
  readonly config: Pick<Config, 'sets' | 'targets' | 'tags' | 'release'>;
  readonly stamps: readonly StampFlag[];
  readonly notes: readonly PlanNote[];
  /** `make build`, if everything it makes is without cgo. */
  readonly withoutCgo?: string;
  /** The Makefiles that slipway asks again for values that depend on the commit. */
  readonly questions: readonly AskedMakefile[];
  /** Why an existing Makefile did not describe the build. */
  readonly unasked?: string;
  /** It had no time to say it: another run may know more. */
  readonly late?: true;
  /** A sentence for each file of another tool: what it sets. */
  readonly told?: readonly string[];
}

type Asking = Omit<MakeQuestion, 'copied'>;

/** Undefined without a Makefile, or if no Makefile calls Go to build. */
export async function readMakefiles(tree: PackageRoot, asking: Asking): Promise<AskedTree | undefined> {
  const files = makefilesOf(tree);
  if (files.length === 0) return undefined;
  const lacking = ['bash', 'make', 'tar'].find(
    (name) => findProgram(name, asking.environment, tree.disk) === undefined,
  );
  if (lacking !== undefined) return without(files[0]!, `${lacking} is not installed`);
  const modules = tree.modules.map(({ dir }) => dir);
  const found = findCommands(tree).commands;
  const targets = found.map(({ target }) => target);
  const questions = files.map((file) => copied(tree, file, targets, modules));
  const answers = await Promise.all(questions.map((each) => askMake({ ...asking, copied: each })));
  const late = answers.findIndex((answer) => typeof answer === 'object' && 'late' in answer);
  if (late >= 0) return { ...without(files[late]!, (answers[late] as Late).late), late: true };
  const refused = answers.findIndex((answer) => typeof answer === 'string');
  if (refused >= 0) return without(files[refused]!, answers[refused] as string);
  const answered = answers.flatMap((answer, at) =>
    answer === undefined ? [] : [{ ...(answer as MakeAnswer), copied: questions[at]! }],
  );
  return answered.length === 0 ? undefined : treeOf({ ...tree, commands: found, aliases: {} }, answered, targets);
}

/** The tree is built without its Makefile, with a note. */
const without = (file: string, why: string): AskedTree => ({
  config: {},
  stamps: [],
  notes: [{ what: file, why: `not asked how it builds: ${why}` }],
  questions: [],
  unasked: `${file} was not asked how it builds: ${why}`,
});

/** The root's Makefile, else those of the modules. */
function makefilesOf(tree: PackageRoot): string[] {
  const [atRoot] = [makefileIn(tree, '.')].filter((file) => file !== undefined);
  if (atRoot !== undefined) return [atRoot];
  const dirs = tree.modules.map(({ dir }) => dir).filter((dir) => !dir.startsWith('..'));
  return dirs.flatMap((dir) => makefileIn(tree, dir) ?? []);
}

type Answered = MakeAnswer & AskedMakefile;
type Known = Parameters<typeof askedCommands>[0];

function treeOf(tree: Known, answers: readonly Answered[], targets: readonly string[]): AskedTree | undefined {
  const made = answers.map((answer) => ({ ...answer, commands: askedCommands(tree, answer.builds[0]!) }));
  const told = made.filter(({ commands }) => commands.length > 0);
  const commands = told.flatMap((each) => each.commands);
  const [first] = told;
  if (first === undefined) return undefined;
  const covers = ({ copied: { file } }: Answered, target: string): boolean =>
    posix.dirname(file) === '.' || target === posix.dirname(file) || target.startsWith(`${posix.dirname(file)}/`);
  const isMade = (target: string): boolean => commands.some((command) => command.target === target);
  const others = targets.filter((target) => !isMade(target) && !told.some((each) => covers(each, target)));
  const lost = targets.filter((target) => !isMade(target) && !others.includes(target));
  const tags = sharedTags(commands);
  const stamped = told.map(({ builds, asked }) => askedStamps(builds, asked));
  const stamps = new Map(
    stamped.flatMap((each) => each.stamps).map((stamp) => [stamp.flag.replace(/=.*$/s, ''), stamp]),
  );
  return {
    config: {
      sets: {
        client: { targets: [...commands.map(({ target }) => target), ...others], platforms: platformsOf(commands) },
      },
      targets: commands.map((command) => targetOf(command, tags)).filter(saysSomething),
      ...(tags.length === 0 ? {} : { tags }),
    },
    stamps: [...stamps.values()],
    notes: [
      ...lost.map((what) => leftOut(what, first.asked)),
      ...stamped.flatMap(({ notes }) => notes),
      ...told.flatMap((each) => unusedFlags(each.builds[0]!, each.commands, each.asked)),
    ],
    ...(others.length === 0 && commands.every(({ cgo }) => cgo === '0') ? { withoutCgo: first.asked } : {}),
    questions: told.map(({ asked, goal, copied: each }) => ({ asked, goal, copied: each })),
  };
}

/** The platforms in the calls; for calls without platforms, those of conventions. */
const platformsOf = (commands: readonly AskedCommand[]): string[] => {
  const named = commands.flatMap(({ platforms }) => (platforms.length < 2 ? conventionalPlatforms() : platforms));
  return [...new Set(named)];
};

const leftOut = (what: string, asked: string): PlanNote => ({
  what,
  why: `left out, as ${asked} does not build it; slipway all WHAT=${what} does, and sets in slipway.config.ts ship it`,
});

const saysSomething = ({ path: _path, ...settings }: ConfigTarget): boolean => Object.keys(settings).length > 0;
